#!/bin/sh
# A database of customers with duplicates, odd countries and bad lines.
set -eu
sqlite3 -bail /home/candidate/crm.db <<'END'
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, country TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id), placed_on TEXT NOT NULL);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), quantity INTEGER NOT NULL);
INSERT INTO customers VALUES (1, 'Mira Sand', 'mira@post.example', 'DE'), (2, 'Jon Vey', 'Jon@Vey.example', 'UK'), (3, 'M. Sand', 'MIRA@post.example ', 'Deutschland'),
  (4, 'Lou', NULL, 'FR'), (5, 'Lou', NULL, 'germany'), (6, 'Pia', 'pia@post.example', 'IT'), (7, 'J. Vey', ' jon@vey.example', 'GB'),
  (8, 'Mira S.', 'Mira@Post.example', 'DE'), (9, 'Otto', 'otto@post.example', 'UK');
INSERT INTO orders VALUES (50, 3, '2026-01-05'), (51, 8, '2026-01-06'), (52, 1, '2026-01-07'), (53, 7, '2026-01-08'), (54, 2, '2026-01-09'),
  (55, 4, '2026-01-10'), (56, 5, '2026-01-11'), (57, 9, '2026-01-12');
INSERT INTO order_lines VALUES (500, 50, 2), (501, 50, 0), (502, 51, 1), (503, 52, -3), (504, 53, 4), (505, 54, 1), (506, 55, 6), (507, 56, 1),
  (508, 57, 0), (509, 57, 9);
END
chown candidate: /home/candidate/crm.db
