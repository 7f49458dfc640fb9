#!/bin/sh
# The oldest log is compressed, as rotation does it.
set -eu
cd /var/log/shop
gzip -n access.log.2
touch -d '2026-09-12 22:00:00 UTC' access.log.2.gz
touch -d '2026-09-13 20:00:00 UTC' access.log.1
touch -d '2026-09-14 23:59:59 UTC' access.log
