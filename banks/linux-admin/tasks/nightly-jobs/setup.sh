#!/bin/sh
# Programs to be run, and a cron job with three mistakes.
set -eu
mkdir -p /etc/cron.d /etc/systemd/system /srv/dumps /opt/jobs
rm -f /etc/cron.d/inventory /etc/cron.d/dumps*
for program in inventory dump-db stock-report; do
  printf '#!/bin/sh\necho "$0 $*"\n' >/opt/jobs/$program
  chmod 755 /opt/jobs/$program
done
cat >/etc/cron.d/dumps.cron <<'END'
# one dump of the database every night, named after the day
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin

10 4 * * * /opt/jobs/dump-db /srv/dumps/$(date +%Y-%m-%d).sql
END
chmod 664 /etc/cron.d/dumps.cron
