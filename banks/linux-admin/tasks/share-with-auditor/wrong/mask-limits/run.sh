#!/bin/sh
# A chmod at the end, meant for the owning group, narrows the mask: the members' named entry no longer counts in full.
set -eu
chown -R root:atlas /srv/atlas
find /srv/atlas -type d -exec chmod 2770 {} +
find /srv/atlas -type f -exec chmod 0660 {} +
setfacl -R -m g:atlas:rwX /srv/atlas
setfacl -R -d -m g:atlas:rwx,o::--- /srv/atlas
setfacl -m u:cleo:--x /srv/atlas
setfacl -R -m u:cleo:r-X /srv/atlas/reports
setfacl -R -d -m u:cleo:r-x /srv/atlas/reports
chmod -R g-w /srv/atlas/reports
chmod 3770 /srv/atlas/drop
