#!/bin/sh
# Accounts, and a project folder whose permissions were lost in a copy.
set -eu
groupadd -g 2000 atlas
useradd -u 2001 -M -s /bin/bash -G atlas ana
useradd -u 2002 -M -s /bin/bash -G atlas bo
useradd -u 2003 -M -s /bin/bash cleo

umask 022
mkdir -p /srv/atlas/plans/2026 /srv/atlas/reports/q1/figures /srv/atlas/drop
cd /srv/atlas
echo 'Kick-off in March, hand-over in October.' >README
echo 'phase;start;end' >plans/schedule.csv
echo 'Ask the landlord about the second shaft.' >'plans/2026/open points.txt'
echo 'Costs by month, first quarter' >reports/q1/costs.txt
echo '4711;220.50' >'reports/q1/figures/table 1.csv'
echo 'Summary for the auditor' >reports/summary.txt
echo 'scan of the signed contract' >drop/contract.txt
if ! chown -R 2001:2001 /srv/atlas 2>/dev/null; then
  echo "setup: this task needs boxes with several user ids (run as root, or install the package uidmap)" >&2
  exit 1
fi
chown 2002:2002 plans/2026 reports/summary.txt
chmod 600 README plans/schedule.csv
chmod -R go= reports
