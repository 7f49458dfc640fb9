#!/bin/sh
# Treats all customers without an address as one person, and forgets a spelling of Germany.
set -e
sqlite3 -bail ~/crm.db <<'END'
UPDATE orders SET customer_id = (SELECT min(k.id) FROM customers k JOIN customers c ON coalesce(lower(trim(k.email)), '') = coalesce(lower(trim(c.email)), '') WHERE c.id = orders.customer_id);
DELETE FROM customers WHERE id NOT IN (SELECT min(id) FROM customers GROUP BY coalesce(lower(trim(email)), ''));
UPDATE customers SET email = lower(trim(email));
UPDATE customers SET country = 'GB' WHERE country = 'UK';
END
