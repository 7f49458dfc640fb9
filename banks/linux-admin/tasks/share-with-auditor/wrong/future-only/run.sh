#!/bin/sh
# Gives Cleo default entries, which say nothing about what exists already.
set -eu
cd /srv/atlas
chgrp -R atlas .
chown root drop
chmod -R u=rwX,g=rwX,o= .
find . -type d -exec chmod g+s {} +
find . -type d -exec setfacl -d -m u::rwx,g::rwx,o::- {} +
chmod +t drop
setfacl -m u:cleo:x .
setfacl -R -d -m u:cleo:rx reports
