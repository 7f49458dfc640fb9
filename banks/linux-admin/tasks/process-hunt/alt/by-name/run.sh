#!/bin/bash
# Everything by name; the parent first, so that nothing comes back.
set -eu
mkdir -p /root/report
echo "/opt/metrics/metricsd-$ASSAY_PARAM_VERSION" >/root/report/port-holder
pkill -9 -f "metricsd-$ASSAY_PARAM_VERSION"
pkill -f session-helper
pkill -9 syncer
truncate -s 0 "/proc/$(pgrep ledger)/fd/3"
renice 10 "$(pgrep -f nightly-report)" >/dev/null
until [ -z "$(ss -ltnH 'sport = :9400')" ]; do sleep 0.05; done
/opt/metrics/metricsd-2.1 >/dev/null 2>&1 </dev/null &
disown
until [ -n "$(ss -ltnH 'sport = :9400')" ]; do sleep 0.05; done
