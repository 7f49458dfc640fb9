#!/bin/bash
# With /proc alone; the parent is stopped by name; another way to start the service.
set -eu
for d in /proc/[0-9]*; do
  case $(tr '\0' ' ' <"$d/cmdline" 2>/dev/null) in
    *metricsd-*) old=${d#/proc/} ;;
    ledger*) ledger=${d#/proc/} ;;
    nightly-report*) report=${d#/proc/} ;;
    *session-helper*) helper=${d#/proc/} ;;
    syncer*) syncer=${d#/proc/} ;;
  esac
done
mkdir /root/report
tr '\0' '\n' <"/proc/$old/cmdline" | grep / | tail -n 1 | tr -d '\n' >/root/report/port-holder
kill -KILL "$old" "$helper" "$syncer"
for fd in /proc/"$ledger"/fd/*; do [ "$(stat -Lc %h "$fd")" = 0 ] && truncate -s 0 "$fd"; done || true
renice 10 "$report" >/dev/null
for _ in {1..100}; do
  (: <>/dev/tcp/127.0.0.1/9400) 2>/dev/null || break
  sleep 0.05
done
cd /
nohup /opt/metrics/metricsd-2.1 >/root/metrics.log 2>&1 &
for _ in {1..100}; do (: <>/dev/tcp/127.0.0.1/9400) 2>/dev/null && break || sleep 0.05; done
