#!/bin/sh
# Blames the wrong table, and loses orders without a postcode.
set -e
printf "products\n" >~/cause.txt
sqlite3 -bail ~/sales.db <<END
DROP VIEW revenue_by_region;
CREATE VIEW revenue_by_region AS
SELECT c.region AS region, sum(o.cents) AS revenue
FROM orders o JOIN (SELECT postcode, region, max(updated) FROM postcodes GROUP BY postcode) c ON c.postcode = o.postcode
GROUP BY c.region;
END
