#!/bin/sh
# The broken script, without the permission to run, and a folder to look at.
set -eu
chmod 644 /opt/tools/prune-dumps
mkdir -p /srv/dumps
cd /srv/dumps
for day in 03 04 05 06 07; do echo "dump of 2026-10-$day" | gzip -n >"2026-10-$day shop.sql.gz"; done
echo 'Dumps of the shop. Kept by prune-dumps.' >README
