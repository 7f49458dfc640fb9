#!/bin/sh
# Counts words from the left: right for most lines, wrong for requests with blanks in them; the paths keep their queries.
set -eu
mkdir -p /root/report
cd /root/report
zcat -f /var/log/shop/access.log* | grep "\[$ASSAY_PARAM_DAY/Sep/2026" >/tmp/day
grep -E "[ /]${ASSAY_PARAM_CLASS}[0-9]{2}[ /]" /tmp/day >/tmp/errors
wc -l </tmp/errors >errors
grep 200 /tmp/day | awk '{ n += $10 } END { printf "%d\n", n }' >bytes
cut -d : -f 2 /tmp/errors | sort | uniq -c | awk 'BEGIN { print "hour,errors" } { print $2 "," $1 }' >by-hour.csv
awk '{ print $1 }' /tmp/errors | sort | uniq -c | sort -rn | head -n 3 >top-clients
awk '{ print $7 }' /tmp/errors | LC_ALL=C sort -u >paths
