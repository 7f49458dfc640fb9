#!/bin/sh
# A scalar subquery cannot multiply rows.
set -e
printf "postcodes\n4020\n8010\n9020\n" >~/cause.txt
sqlite3 -bail ~/sales.db <<END
DROP VIEW revenue_by_region;
CREATE VIEW revenue_by_region AS
SELECT region, sum(cents) AS revenue FROM (
  SELECT o.cents, ifnull((SELECT c.region FROM postcodes c WHERE c.postcode = o.postcode ORDER BY c.updated DESC LIMIT 1), 'unknown') AS region FROM orders o)
GROUP BY region;
END
