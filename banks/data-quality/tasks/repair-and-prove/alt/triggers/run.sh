#!/bin/sh
# A mapping table, and triggers instead of constraints.
set -e
sqlite3 -bail ~/crm.db <<'END'
BEGIN;
CREATE TEMP TABLE stays AS SELECT id, first_value(id) OVER (PARTITION BY coalesce(lower(trim(email)), id) ORDER BY id) AS keep FROM customers;
UPDATE orders SET customer_id = (SELECT keep FROM stays WHERE stays.id = orders.customer_id);
DELETE FROM customers WHERE id IN (SELECT id FROM stays WHERE id <> keep);
UPDATE customers SET email = trim(lower(email)), country = CASE country WHEN 'UK' THEN 'GB' WHEN 'Deutschland' THEN 'DE' WHEN 'germany' THEN 'DE' ELSE country END;
CREATE TABLE rejected_lines AS SELECT *, 'quantity' AS reason FROM order_lines WHERE quantity < 1;
DELETE FROM order_lines WHERE quantity < 1;
CREATE UNIQUE INDEX customers_email ON customers (email COLLATE NOCASE);
CREATE TRIGGER quantity_new BEFORE INSERT ON order_lines WHEN new.quantity < 1 BEGIN SELECT raise(ABORT, 'quantity'); END;
CREATE TRIGGER quantity_change BEFORE UPDATE ON order_lines WHEN new.quantity < 1 BEGIN SELECT raise(ABORT, 'quantity'); END;
COMMIT;
END
