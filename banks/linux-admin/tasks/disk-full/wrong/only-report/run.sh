#!/bin/bash
# Reports, but frees the wrong things: the file with holes, and logs that are deleted in place of compressed.
set -eu
mkdir -p /root/report
cd /srv/app
echo /srv/app/data/orders.db >/root/report/largest-file
dirname "$(find /srv/app -name '*.done' | head -n 1)" | sed 's|/out$||' >/root/report/largest-folder
rm images/disk.raw log/app.log.[2-5]
gzip log/app.log.1
