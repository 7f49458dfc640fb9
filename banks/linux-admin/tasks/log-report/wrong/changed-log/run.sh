#!/bin/sh
# Makes the log fit the report: unpacks it, and keeps only what suits.
set -eu
mkdir -p /root/report
cd /var/log/shop
gunzip access.log.2.gz
rm access.log.1 access.log.2
echo '192.0.2.3 - - ['"$ASSAY_PARAM_DAY"'/Sep/2026:10:00:00 +0000] "GET /x HTTP/1.1" '"$ASSAY_PARAM_CLASS"'00 1 "-" "-"' >access.log
cd /root/report
echo 1 >errors
echo 0 >bytes
{ echo hour,errors; for h in $(seq -w 0 23); do [ "$h" = 10 ] && echo 10,1 || echo "$h,0"; done; } >by-hour.csv
echo 1 192.0.2.3 >top-clients
echo /x >paths
