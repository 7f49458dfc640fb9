#!/bin/sh
# The right numbers in the wrong form: no hours without errors, clients ordered as text from below, queries kept in the paths.
set -eu
mkdir -p /root/report
cd /root/report
zcat -f /var/log/shop/access.log* |
  sed -nE 's/^([^ ]+) [^[]*\[([^]:]+):([0-9]{2})[^]]*\] "(.*)" ([0-9]{3}) ([0-9-]+) "[^"]*" ".*"$/\1\t\2\t\3\t\5\t\6\t\4/p' |
  awk -F'\t' -v day="$ASSAY_PARAM_DAY/Sep/2026" '$2 == day' >/tmp/day
awk -F'\t' -v class="$ASSAY_PARAM_CLASS" 'substr($4, 1, 1) == class' /tmp/day >/tmp/errors
wc -l </tmp/errors >errors
awk -F'\t' '$4 == 200 && $5 != "-" { n += $5 } END { printf "%d\n", n }' /tmp/day >bytes
awk -F'\t' '{ n[$3]++ } END { print "hour,errors"; for (h in n) printf "%s,%d\n", h, n[h] }' /tmp/errors | sort >by-hour.csv
cut -f 1 /tmp/errors | sort | uniq -c | sort | head -n 3 >top-clients
cut -f 6 /tmp/errors | awk 'NF == 3 { print $2 }' | LC_ALL=C sort -u >paths
