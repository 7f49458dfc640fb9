#!/bin/bash
# Modes in numbers, default and plain entries in one go.
set -eu
cd /srv
chown -R root:atlas atlas
chmod -R 2770 atlas
chmod 3770 atlas/drop
setfacl -R -m d:u::rwx,d:g::rwx,d:o::--- atlas
setfacl -m u:cleo:x atlas
setfacl -R -m u:cleo:rx,d:u:cleo:rx atlas/reports
