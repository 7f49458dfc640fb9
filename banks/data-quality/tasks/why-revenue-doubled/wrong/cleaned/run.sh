#!/bin/sh
# Deletes rows of a table that belongs to others instead of mending the view; the oldest stay.
set -e
printf "postcodes\n4020\n8010\n9020\n" >~/cause.txt
sqlite3 -bail ~/sales.db "DELETE FROM postcodes WHERE rowid NOT IN (SELECT min(rowid) FROM postcodes GROUP BY postcode)"
