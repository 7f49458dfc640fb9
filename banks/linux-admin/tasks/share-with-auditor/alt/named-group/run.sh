#!/bin/bash
# The same with a named entry for the group, and Cleo's way in through a group of her own.
set -eu
groupadd auditors
gpasswd -a cleo auditors >/dev/null
chown -R root:atlas /srv/atlas
find /srv/atlas -type d -exec chmod 2770 {} +
find /srv/atlas -type f -exec chmod 0660 {} +
chmod 3770 /srv/atlas/drop
setfacl -R -m g:atlas:rwX /srv/atlas
setfacl -R -d -m g:atlas:rwx,o::--- /srv/atlas
setfacl -m g:auditors:--x /srv/atlas
setfacl -R -m g:auditors:r-X /srv/atlas/reports
setfacl -R -d -m g:auditors:r-x /srv/atlas/reports
