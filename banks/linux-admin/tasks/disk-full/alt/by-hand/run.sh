#!/bin/sh
# What somebody types who has looked: paths with another spelling.
set -eu
mkdir -p /root/report
printf /srv/app/data/../data/orders.db >/root/report/largest-file
printf '  /srv/app/workers/%s/.spool/out\n\n' "$ASSAY_PARAM_WORKER" >/root/report/largest-folder
cd /srv/app/workers
for w in mailer thumbnails exports; do rm -f $w/.spool/out/*.done; done
cd /srv/app/releases
rm -r "$((ASSAY_PARAM_CURRENT - 4))" "$((ASSAY_PARAM_CURRENT - 3))" "$((ASSAY_PARAM_CURRENT - 2))"
gzip -k /srv/app/log/app.log.*
rm /srv/app/log/app.log.[1-5]
