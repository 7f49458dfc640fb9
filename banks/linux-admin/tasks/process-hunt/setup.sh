#!/bin/bash
# Starts the processes, each free of the terminal, and waits until they are there.
set -eu
cd /opt/metrics
cp metricsd metricsd-2.1
mv metricsd "metricsd-$ASSAY_PARAM_VERSION"
mkdir -p /run /var/log

for program in "/opt/metrics/metricsd-$ASSAY_PARAM_VERSION" /opt/ledger/ledger /opt/jobs/nightly-report /opt/jobs/session-helper; do
  (cd / && exec setsid "$program" >/dev/null 2>&1 </dev/null) &
done
ready() {
  [ -s /run/ledger.pid ] && [ -s /run/nightly-report.pid ] && [ -s /run/syncer.pid ] && (: <>/dev/tcp/127.0.0.1/9400) 2>/dev/null
}
for ((i = 0; i < 200; i++)); do
  if ready; then
    # who the two are that must survive: process and the time it started
    mkdir -p /var/lib/processes
    for name in ledger nightly-report; do
      cut -d ' ' -f 1,22 <(sed 's/(.*)/-/' "/proc/$(cat /run/$name.pid)/stat") >/var/lib/processes/$name
    done
    rm /run/syncer.pid
    exit 0
  fi
  sleep 0.1
done
echo "setup: the processes did not start" >&2
exit 1
