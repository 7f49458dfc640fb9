#!/bin/bash
# An application folder that fills the disk: a file with holes, shared files, one large file, and thousands of small ones.
set -eu
umask 022
root=/srv/app
mkdir -p $root/{data,images,log,releases,tools} $root/workers/{mailer,thumbnails,exports}/{cache,.spool/out}

# text FILE KIB: lines that compress well
text() { yes '2026-10-02T04:00:17Z app[311]: request done in 12 ms, nothing to report' 2>/dev/null | head -c $(($2 * 1024)) >"$1"; }

truncate -s 300M $root/images/disk.raw
printf 'boot' | dd of=$root/images/disk.raw bs=1 seek=1048576 conv=notrunc status=none
text $root/data/orders.db 3200
text $root/data/orders.db-journal 64
text $root/tools/bundle.tar 1500
for n in 1 2 3 4 5; do text $root/log/app.log.$n $((400 + n * 7)); done
text $root/log/app.log 100
text $root/log/audit.log.1 200
for w in mailer thumbnails exports; do text $root/workers/$w/cache/index 300; done

# the releases share their library, and the file of fonts, by hard links
text /tmp/library 2400
for ((n = ASSAY_PARAM_CURRENT - 4; n <= ASSAY_PARAM_CURRENT + 1; n++)); do
  mkdir -p $root/releases/$n/lib
  ln /tmp/library $root/releases/$n/lib/library.so
  echo "release $n" >$root/releases/$n/VERSION
  text $root/releases/$n/app.bin $((150 + n))
done
rm /tmp/library
ln -s releases/$ASSAY_PARAM_CURRENT $root/current

spool() { # spool WORKER DONE JOBS
  cd $root/workers/$1/.spool/out
  local n name
  for ((n = 0; n < $2; n++)); do printf -v name '%05d.done' $n && printf 'to: customer-%d\nstate: done\n' $n >$name; done
  for ((n = 0; n < $3; n++)); do printf -v name '%05d.job' $n && printf 'to: customer-%d\nstate: waiting\n' $((n * 7)) >$name; done
}
for w in mailer thumbnails exports; do
  if [ $w = "$ASSAY_PARAM_WORKER" ]; then spool $w 1900 "$ASSAY_PARAM_JOBS"; else spool $w 40 9; fi
done
echo 'What ends in .done can go.' >$root/workers/README.done.txt
cd $root
find . -exec touch -h -d '2026-10-02 05:00:00 UTC' {} +
