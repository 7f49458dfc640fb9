#!/bin/bash
# Keeps the two newest releases by number, whatever is in use: the one before is lost. Empty files in place of logs.
set -eu
mkdir -p /root/report
cd /srv/app
find "$PWD" -type f -printf '%b %p\n' | sort -rn | head -n 1 | sed 's/^[0-9]* //' >/root/report/largest-file
du -S /srv/app | sort -n | tail -n 1 | cut -f 2 >/root/report/largest-folder
find workers -type f -name '*.done*' -delete
ls releases | sort -n | head -n -2 | (cd releases && xargs rm -r)
for n in 1 2 3 4 5; do : | gzip >log/app.log.$n.gz; rm log/app.log.$n; done
