#!/bin/sh
# The dirty shop.
set -eu
mkdir -p /home/candidate/checks
sqlite3 -bail /home/candidate/shop.db <<'END'
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, ordered_on TEXT, total INTEGER);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER, quantity INTEGER, price INTEGER);
INSERT INTO customers VALUES (1, 'Ana', 'ana@shop.example'), (2, 'Ben', 'ben@shop.example'), (3, 'Ana B.', ' ANA@shop.example'),
  (4, 'Cleo', NULL), (5, 'Dov', NULL), (6, 'Eva', 'eva@shop.example'), (7, 'Ben', 'ben@shop.example ');
INSERT INTO orders VALUES (10, 1, '2026-02-03', 900), (11, 2, '2026-02-30', 450), (12, 99, '2026-02-04', 100), (13, NULL, '2026-02-05', 700),
  (14, 6, '05.02.2026', 300), (15, 5, '2026-02-06', 0), (16, 4, '2026-02-06', 250), (17, 3, '2026-2-7', 1200), (18, 7, NULL, 640);
INSERT INTO order_lines VALUES (100, 10, 2, 450), (101, 11, 1, 450), (102, 12, 1, 100), (103, 13, 0, 700), (104, 13, 1, 700), (105, 14, 3, 100),
  (106, 17, 4, 250), (107, 17, 1, 100), (108, 18, 2, NULL), (109, 18, 2, 320), (110, 12, -1, 50);
END
chown -R candidate: /home/candidate/shop.db /home/candidate/checks
chmod 644 /home/candidate/shop.db
