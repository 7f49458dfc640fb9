#!/bin/bash
# The whole spool is emptied, waiting jobs and all; the log in use is compressed too; every older release goes.
set -eu
mkdir -p /root/report
cd /srv/app
find "$PWD" -type f -printf '%b %p\n' | sort -rn | head -n 1 | sed 's/^[0-9]* //' >/root/report/largest-file
du -S /srv/app | sort -n | tail -n 1 | cut -f 2 >/root/report/largest-folder
rm -rf workers/*/.spool/out/*
cd releases
for r in *; do [ "$r" -ge "$ASSAY_PARAM_CURRENT" ] || rm -r "$r"; done
gzip /srv/app/log/app.log*
