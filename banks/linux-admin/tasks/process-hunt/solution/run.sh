#!/bin/bash
set -eu
mkdir -p /root/report
pid=$(ss -ltnpH 'sport = :9400' | sed -n 's/.*pid=\([0-9]*\).*/\1/p')
tr '\0' '\n' <"/proc/$pid/cmdline" | sed -n 2p >/root/report/port-holder
kill -9 "$pid"
while [ -d "/proc/$pid" ]; do sleep 0.05; done
setsid /opt/metrics/metricsd-2.1 >/dev/null 2>&1 </dev/null &
for _ in {1..100}; do ss -ltnH 'sport = :9400' | grep -q . && break || sleep 0.05; done

child=$(pgrep -f '^syncer')
parent=$(ps -o ppid= -p "$child" | tr -d ' ')
kill "$parent" "$child"

ledger=$(pgrep -f '^ledger')
for fd in /proc/"$ledger"/fd/*; do
  case $(readlink "$fd") in *' (deleted)') : >"$fd" ;; esac
done
renice -n 10 -p "$(pgrep -f '^nightly-report')" >/dev/null
