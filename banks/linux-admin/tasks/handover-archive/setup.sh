#!/bin/bash
# A folder of projects with settings of this and of last year, awkward names, links, caches and core dumps.
set -eu
umask 022
mkdir -p /srv/projects
cd /srv/projects

# put PATH TIME [MODE]: a small file with a content of its own
put() {
  mkdir -p -- "$(dirname -- "./$1")"
  printf '# settings of %s\nowner = team-%d\nrevision = %s\n' "$1" $((${#1} % 4 + 1)) "$2" >"./$1"
  chmod "${3:-0644}" "./$1"
  touch -d "$2 UTC" -- "./$1"
}
put web/site.conf '2026-03-14 09:12:44'
put web/tls.conf '2025-11-02 10:00:00'
put web/site.conf.bak '2026-03-14 09:10:00'
put 'web/error pages.conf' '2026-02-20 17:45:10'
put web/cache/render.conf '2026-04-01 08:00:00'
put web/static/img/readme.txt '2026-01-09 12:00:00'
put web/cache-policy/rules.ini '2026-01-30 07:30:00'
put billing/db.ini '2026-01-01 00:00:00' 0600
put billing/ledger.ini '2025-12-31 23:59:59'
put 'billing/old invoices/layout 2026.ini' '2026-05-05 05:05:05'
put billing/.git/hooks.conf '2026-05-01 12:00:00'
put billing/sub/.git/modules/x/conf.ini '2026-05-01 12:00:00'
put billing/sub/deep/er/still/here.conf '2026-06-17 21:00:00' 0640
put tools/-rf.conf '2026-02-02 02:02:02'
put tools/UPPER.CONF '2026-02-02 02:02:02'
put tools/confetti.config '2026-02-02 02:02:02'
put tools/.hidden.ini '2026-07-07 07:07:07'
put tools/app.ini '2024-07-07 07:07:07'
put tools/core.md '2025-01-02 03:04:05'
put tools/notes/core.1 '2025-01-02 03:04:05'
put sensors/probe.conf/readme.txt '2026-03-03 03:03:03'
ln -s ../web/site.conf sensors/link.conf
ln -s /etc/hosts sensors/hosts.ini
ln -s ../billing sensors/billing

# dump PATH KIB: core dumps differ in size; they are old and new
dump() { mkdir -p "$(dirname "$1")"; head -c "$(($2 * 1024 + ${3:-0}))" /dev/zero >"$1"; touch -d "${4:-2025-08-01} UTC" "$1"; }
dump web/core.4711 3072
dump billing/sub/core.20 1024 1 2026-02-01
dump 'billing/old invoices/core.31337' 2048
dump tools/cache/core.9 1500
dump sensors/core.77 1024 0
dump sensors/core.dump 2048
dump sensors/score.12 2048
dump sensors/core.12.gz 1100
find . -type d -exec touch -d '2026-07-10 00:00:00 UTC' {} +
