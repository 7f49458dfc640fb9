#!/bin/sh
# Closes everything and opens everything anew, every day.
cd ~/crm
cat >apply.sql <<'END'
UPDATE dim_customer SET valid_to = (SELECT day FROM run) WHERE valid_to IS NULL;
INSERT INTO dim_customer SELECT customer_id, name, city, day, NULL FROM staging, run;
END
sqlite3 -bail dim.db <apply.sql
