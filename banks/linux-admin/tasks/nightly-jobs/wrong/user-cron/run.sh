#!/bin/sh
# Lines as in a user's crontab; percent signs still bare; the timer is made and not enabled.
set -eu
echo '30 2 * * 1-5 /opt/jobs/inventory --all' >/etc/cron.d/inventory
sed 's|^10 4 \* \* \*|& root|' /etc/cron.d/dumps.cron >/etc/cron.d/dumps
rm /etc/cron.d/dumps.cron
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
