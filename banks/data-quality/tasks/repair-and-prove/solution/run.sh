#!/bin/sh
set -e
sqlite3 -bail ~/crm.db <<END
BEGIN;
UPDATE orders SET customer_id = (SELECT min(k.id) FROM customers k JOIN customers c ON lower(trim(k.email)) = lower(trim(c.email)) WHERE c.id = orders.customer_id)
WHERE customer_id IN (SELECT id FROM customers WHERE email IS NOT NULL);
DELETE FROM customers WHERE email IS NOT NULL AND id NOT IN (SELECT min(id) FROM customers WHERE email IS NOT NULL GROUP BY lower(trim(email)));
UPDATE customers SET email = lower(trim(email));
UPDATE customers SET country = 'GB' WHERE country = 'UK';
UPDATE customers SET country = 'DE' WHERE country IN ('Deutschland', 'germany');
CREATE TABLE rejected_lines (id INTEGER PRIMARY KEY, order_id INTEGER, quantity INTEGER, reason TEXT);
INSERT INTO rejected_lines SELECT id, order_id, quantity, 'quantity' FROM order_lines WHERE quantity <= 0;
DELETE FROM order_lines WHERE quantity <= 0;
CREATE UNIQUE INDEX one_customer ON customers (lower(trim(email)));
CREATE TABLE good_lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders (id), quantity INTEGER NOT NULL CHECK (quantity > 0));
INSERT INTO good_lines SELECT * FROM order_lines;
DROP TABLE order_lines;
ALTER TABLE good_lines RENAME TO order_lines;
COMMIT;
END
