#!/bin/bash
# Goes by the length of files, counts subfolders in, and sorts releases as text; finished jobs only in the one spool.
set -eu
mkdir -p /root/report
cd /srv/app
find /srv/app -type f -printf '%s %p\n' | sort -rn | head -n 1 | cut -d ' ' -f 2 >/root/report/largest-file
du /srv/app/* | sort -rn | head -n 1 | cut -f 2 >/root/report/largest-folder
rm -f workers/"$ASSAY_PARAM_WORKER"/.spool/out/*.done
ls releases | sort | head -n 3 | (cd releases && xargs rm -r)
gzip log/*.[0-9]
