#!/bin/sh
set -eu
sqlite3 -bail /home/candidate/sales.db <<END
CREATE TABLE orders (id INTEGER PRIMARY KEY, postcode TEXT, product TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE products (code TEXT, title TEXT NOT NULL);
CREATE TABLE postcodes (postcode TEXT NOT NULL, region TEXT NOT NULL, updated TEXT NOT NULL);
INSERT INTO products VALUES ('p1', 'Lamp'), ('p2', 'Chair'), ('p3', 'Desk');
INSERT INTO postcodes VALUES ('1010', 'East', '2025-06-01'), ('1020', 'East', '2025-06-01'), ('4020', 'North', '2025-06-01'), ('4020', 'North', '2026-03-02'),
  ('6020', 'West', '2025-06-01'), ('6030', 'West', '2025-06-01'), ('8010', 'South', '2025-06-01'), ('8010', 'East', '2026-03-02'), ('8010', 'East', '2026-01-15'),
  ('9020', 'South', '2026-03-02'), ('9020', 'South', '2026-03-02');
INSERT INTO orders VALUES (1, '1010', 'p1', 2500), (2, '4020', 'p2', 8000), (3, '8010', 'p3', 30000), (4, '9020', 'p1', 2500), (5, '6020', 'p2', 8000),
  (6, '4020', 'p1', 2500), (7, '7777', 'p2', 8000), (8, NULL, 'p1', 2500), (9, '1020', 'p3', 30000), (10, '8010', 'p1', 2500);
CREATE VIEW revenue_by_region AS
SELECT c.region AS region, sum(o.cents) AS revenue
FROM orders o JOIN products p ON p.code = o.product JOIN postcodes c ON c.postcode = o.postcode
GROUP BY c.region;
END
chown candidate: /home/candidate/sales.db
