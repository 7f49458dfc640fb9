#!/bin/sh
set -eu
echo '30 2 * * 1-5 backup /opt/jobs/inventory --all' >/etc/cron.d/inventory

cd /etc/cron.d
sed 's|^10 4 .*|10 4 * * * root /opt/jobs/dump-db /srv/dumps/$(date +\\%Y-\\%m-\\%d).sql|' dumps.cron >dumps
rm dumps.cron

cat >/etc/systemd/system/stock-report.service <<'END'
[Unit]
Description=Stock report

[Service]
Type=oneshot
User=backup
ExecStart=/opt/jobs/stock-report --daily
END
cat >/etc/systemd/system/stock-report.timer <<'END'
[Unit]
Description=Stock report, daily

[Timer]
OnCalendar=*-*-* 06:15:00
Persistent=true
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
END
mkdir -p /etc/systemd/system/timers.target.wants
ln -s /etc/systemd/system/stock-report.timer /etc/systemd/system/timers.target.wants/stock-report.timer
