#!/bin/bash
# find in place of du, other names of the same things, compressed files with an own compression level and times.
set -eu
mkdir /root/report
cd /srv/app
find "$PWD" -type f -printf '%b %p\n' | sort -rn | head -n 1 | sed 's/^[0-9]* //' >/root/report/largest-file
find "$PWD" -type f -printf '%b %h\n' | awk '{ n[$2] += $1 } END { for (d in n) print n[d], d }' | sort -rn | awk 'NR == 1 { print $2 "/" }' >/root/report/largest-folder
find . -type f -path '*/.spool/out/*' -name '*.done' -print0 | xargs -0 rm
ls releases | sort -n | awk -v c="$ASSAY_PARAM_CURRENT" '$1 < c - 1' | (cd releases && xargs rm -rf)
for f in log/app.log.?; do
  gzip -9 -n -c "$f" >"$f.gz" && rm "$f"
done
