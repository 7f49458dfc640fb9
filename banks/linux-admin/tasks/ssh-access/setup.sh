#!/bin/sh
# root's folder for ssh as somebody careless left it.
set -eu
chmod 777 /root/.ssh
chmod 666 /root/.ssh/authorized_keys
printf '#!/bin/sh\necho ok\n' >/usr/local/bin/health
chmod 755 /usr/local/bin/health
