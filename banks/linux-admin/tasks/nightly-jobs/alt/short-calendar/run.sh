#!/bin/sh
# The shortest forms, two lines for one job, and the path in quotation marks.
set -eu
printf '%s\n' '30 2 * * 1-4 backup /opt/jobs/inventory --all' '30 2 * * 5 backup /opt/jobs/inventory --all' >/etc/cron.d/inventory
mv /etc/cron.d/dumps.cron /etc/cron.d/db-dumps
chmod 644 /etc/cron.d/db-dumps
sed -i -e 's/%/\\%/g' -e 's/^\(10 4 [^/]*\)/\1root [ ! -x \/opt\/jobs\/dump-db ] || /' -e 's|/srv/dumps/|"$TO"/|' -e '/^SHELL/i TO="/srv/dumps"' /etc/cron.d/db-dumps
cat >/etc/systemd/system/stock-report.service <<'END'
[Unit]
Description=Makes the stock report
[Service]
Type=oneshot
User=34
ExecStart=/opt/jobs/stock-report --daily
END
cat >/etc/systemd/system/stock-report.timer <<'END'
[Timer]
OnCalendar=06:15
Persistent=1
RandomizedDelaySec=10m
[Install]
WantedBy=timers.target
END
mkdir -p /etc/systemd/system/timers.target.wants
ln -s /etc/systemd/system/stock-report.timer /etc/systemd/system/timers.target.wants/stock-report.timer
