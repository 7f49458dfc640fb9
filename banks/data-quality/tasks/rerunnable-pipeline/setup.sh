#!/bin/sh
set -eu
mkdir -p /home/candidate/pipeline /var/lib/source
: >/var/lib/source/asked
chmod 777 /var/lib/source
chmod 666 /var/lib/source/asked
chown candidate: /home/candidate/pipeline
