#!/bin/sh
set -e
printf "postcodes\n4020\n8010\n9020\n" >~/cause.txt
sqlite3 -bail ~/sales.db <<END
DROP VIEW revenue_by_region;
CREATE VIEW revenue_by_region AS
SELECT coalesce(c.region, 'unknown') AS region, sum(o.cents) AS revenue
FROM orders o LEFT JOIN (SELECT postcode, region, row_number() OVER (PARTITION BY postcode ORDER BY updated DESC) AS n FROM postcodes) c
  ON c.postcode = o.postcode AND c.n = 1
GROUP BY 1;
END
