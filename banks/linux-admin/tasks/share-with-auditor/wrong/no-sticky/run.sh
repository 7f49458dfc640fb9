#!/bin/sh
# Set-group-ID forgotten, and the sticky bit set on a folder that Ana owns.
set -eu
cd /srv/atlas
chgrp -R atlas .
chmod -R u=rwX,g=rwX,o= .
find . -type d -exec setfacl -d -m u::rwx,g::rwx,o::- {} +
chmod +t drop
setfacl -m u:cleo:x .
setfacl -R -m u:cleo:rX reports
find reports -type d -exec setfacl -d -m u:cleo:rx {} +
