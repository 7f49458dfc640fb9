#!/bin/sh
# Lets the auditor in through the rights of others.
set -eu
cd /srv/atlas
chgrp -R atlas .
chown root drop
chmod -R u=rwX,g=rwX,o= .
find . -type d -exec chmod g+s {} +
find . -type d -exec setfacl -d -m u::rwx,g::rwx,o::- {} +
chmod +t drop
chmod o+x .
chmod -R o+rX reports
find reports -type d -exec setfacl -d -m o::rx {} +
