#!/bin/sh
# DISTINCT removes equal rows only: a postcode with two regions still counts twice.
set -e
printf "postcodes\n4020\n9020\n" >~/cause.txt
sqlite3 -bail ~/sales.db <<END
DROP VIEW revenue_by_region;
CREATE VIEW revenue_by_region AS
SELECT coalesce(c.region, 'unknown') AS region, sum(o.cents) AS revenue
FROM orders o LEFT JOIN (SELECT DISTINCT postcode, region FROM postcodes) c ON c.postcode = o.postcode
GROUP BY 1;
END
