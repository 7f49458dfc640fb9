#!/bin/sh
set -eu
mkdir -p /home/candidate/crm
sqlite3 -bail /home/candidate/crm/dim.db <<END
CREATE TABLE dim_customer (customer_id INTEGER NOT NULL, name TEXT NOT NULL, city TEXT, valid_from TEXT NOT NULL, valid_to TEXT);
CREATE TABLE staging (customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE run (day TEXT NOT NULL);
INSERT INTO dim_customer VALUES (1, 'Ana', 'Bern', '2026-01-01', NULL), (2, 'Ben', 'Graz', '2026-01-01', '2026-02-01'), (2, 'Ben', 'Linz', '2026-02-01', NULL),
  (3, 'Cleo', NULL, '2026-01-01', NULL), (4, 'Dov', 'Ulm', '2026-01-01', NULL), (5, 'Eva', 'Jena', '2026-01-01', '2026-02-10');
INSERT INTO staging VALUES (1, 'Ana', 'Bern'), (2, 'Ben', 'Wels'), (3, 'Cleo', 'Gent'), (5, 'Eva', 'Jena'), (6, 'Finn', NULL);
INSERT INTO run VALUES ('2026-03-01');
END
chown -R candidate: /home/candidate/crm
