#!/bin/bash
# Array and globs, no "./" before the names, folders in the archive too, checksums in binary mode of the unpacked copy.
set -eu
shopt -s globstar dotglob nullglob
cd /srv/projects
files=()
for f in **/*.conf **/*.ini; do
  [ -f "$f" ] && [ ! -L "$f" ] || continue
  case "/$f" in */cache/* | */.git/*) continue ;; esac
  case "$f" in sensors/billing/*) continue ;; esac
  [ "$(stat -c %Y -- "$f")" -ge "$(date -ud 2026-01-01 +%s)" ] && files+=("$f")
done
mkdir -p /tmp/out
for f in "${files[@]}"; do
  mkdir -p "/tmp/out/$(dirname -- "$f")"
  cp -p -- "$f" "/tmp/out/$f"
done
tar -C /tmp/out -c . | gzip -9 >/root/handover.tar.gz
cd /tmp/out
find * -type f -print0 | sort -z | xargs -0 sha256sum -b -- >/root/handover.sha256
cd /srv/projects
for f in **/core.*; do
  [ ! -L "$f" ] && [ -f "$f" ] && [[ "${f##*/}" =~ ^core\.[0-9]+$ ]] && [ "$(stat -c %s -- "$f")" -gt 1048576 ] && rm -- "$f"
done
exit 0
