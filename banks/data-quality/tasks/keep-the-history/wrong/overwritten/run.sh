#!/bin/sh
# Overwrites what has changed: type 1 keeps no history.
cd ~/crm
cat >apply.sql <<'END'
UPDATE dim_customer SET name = s.name, city = s.city FROM staging s WHERE s.customer_id = dim_customer.customer_id AND valid_to IS NULL;
INSERT INTO dim_customer
SELECT s.customer_id, s.name, s.city, (SELECT day FROM run), NULL FROM staging s
WHERE NOT EXISTS (SELECT 1 FROM dim_customer d WHERE d.customer_id = s.customer_id);
END
sqlite3 -bail dim.db <apply.sql
