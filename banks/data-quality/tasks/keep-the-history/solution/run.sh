#!/bin/sh
cd ~/crm
cat >apply.sql <<'END'
BEGIN;
UPDATE dim_customer SET valid_to = (SELECT day FROM run)
WHERE valid_to IS NULL AND NOT EXISTS (SELECT 1 FROM staging s
  WHERE s.customer_id = dim_customer.customer_id AND s.name IS dim_customer.name AND s.city IS dim_customer.city);
INSERT INTO dim_customer
SELECT s.customer_id, s.name, s.city, (SELECT day FROM run), NULL FROM staging s
WHERE NOT EXISTS (SELECT 1 FROM dim_customer d WHERE d.customer_id = s.customer_id AND d.valid_to IS NULL);
COMMIT;
END
sqlite3 -bail dim.db <apply.sql
