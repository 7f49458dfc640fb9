#!/bin/sh
# What is there today is right; nothing is said about tomorrow.
set -eu
cd /srv/atlas
chgrp -R atlas .
chown root drop
chmod -R u=rwX,g=rwX,o= .
find . -type d -exec chmod g+s {} +
chmod +t drop
setfacl -m u:cleo:x .
setfacl -R -m u:cleo:rX reports
