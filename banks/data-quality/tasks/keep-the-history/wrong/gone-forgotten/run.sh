#!/bin/sh
# Forgets who is gone or comes back.
cd ~/crm
cat >apply.sql <<'END'
UPDATE dim_customer SET valid_to = (SELECT day FROM run)
WHERE valid_to IS NULL AND EXISTS (SELECT 1 FROM staging s
  WHERE s.customer_id = dim_customer.customer_id AND (s.name IS NOT dim_customer.name OR s.city IS NOT dim_customer.city));
INSERT INTO dim_customer
SELECT s.customer_id, s.name, s.city, (SELECT day FROM run), NULL FROM staging s
WHERE NOT EXISTS (SELECT 1 FROM dim_customer d WHERE d.customer_id = s.customer_id AND d.valid_to IS NULL)
  AND NOT EXISTS (SELECT 1 FROM dim_customer d WHERE d.customer_id = s.customer_id AND d.valid_to < (SELECT day FROM run));
END
sqlite3 -bail dim.db <apply.sql
