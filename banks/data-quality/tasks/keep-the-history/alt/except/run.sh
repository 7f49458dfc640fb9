#!/bin/sh
# The same by set operations, which compare NULL as a value.
cd ~/crm
cat >apply.sql <<'END'
CREATE TEMP TABLE open_now AS SELECT customer_id, name, city FROM dim_customer WHERE valid_to IS NULL;
CREATE TEMP TABLE stale AS SELECT * FROM open_now EXCEPT SELECT customer_id, name, city FROM staging;
CREATE TEMP TABLE fresh AS SELECT customer_id, name, city FROM staging EXCEPT SELECT * FROM open_now;
UPDATE dim_customer SET valid_to = (SELECT day FROM run) WHERE valid_to IS NULL AND customer_id IN (SELECT customer_id FROM stale);
INSERT INTO dim_customer SELECT customer_id, name, city, day, NULL FROM fresh, run;
END
sqlite3 -bail dim.db <apply.sql
