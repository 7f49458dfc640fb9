#!/bin/bash
# The polite signal, which the old service ignores; the child, which comes back; the wrong direction of nice.
set -eu
mkdir -p /root/report
echo "/opt/metrics/metricsd-$ASSAY_PARAM_VERSION" >/root/report/port-holder
kill "$(ss -ltnpH 'sport = :9400' | sed -n 's/.*pid=\([0-9]*\).*/\1/p')"
setsid /opt/metrics/metricsd-2.1 >/dev/null 2>&1 </dev/null &
kill "$(pgrep -f '^syncer')"
touch /var/log/ledger.log
: >/var/log/ledger.log
renice -n 5 -p "$(pgrep -f '^nightly-report')" >/dev/null
sleep 0.5
