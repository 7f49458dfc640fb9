#!/bin/bash
set -eu
mkdir -p /root/report
cd /srv/app
du -a . | sort -rn | while read -r _ path; do
  if [ -f "$path" ]; then
    readlink -f "$path"
    break
  fi
done >/root/report/largest-file
du -S /srv/app | sort -n | tail -n 1 | cut -f 2 >/root/report/largest-folder

find workers -type f -name '*.done' -delete
current=$(basename "$(readlink current)")
for release in releases/*; do
  if [ "${release#releases/}" -lt $((current - 1)) ]; then rm -r "$release"; fi
done
gzip log/app.log.[0-9]
