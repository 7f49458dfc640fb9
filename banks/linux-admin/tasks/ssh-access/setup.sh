#!/bin/sh
# root's folder for ssh as somebody careless left it.
set -eu
chmod 777 /root/.ssh
chmod 666 /root/.ssh/authorized_keys
mkdir -p /opt/monitor
printf '#!/bin/sh\necho ok\n' >/opt/monitor/health
chmod 755 /opt/monitor/health
