#!/bin/sh
# Other tools, an alias, and another way to lock.
set -eu
groupadd mira
useradd -m -g mira -G developers,ops -c 'Mira Osei,,,' -s /bin/bash mira
passwd -e mira >/dev/null
usermod -p '!' tomas
chage -E 2020-01-01 tomas
usermod -G developers -s /usr/sbin/nologin tomas
useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group relay
cat >/etc/sudoers.d/50-tomas <<'END'
# The on-call team and its service
Cmnd_Alias RELAY = /usr/bin/systemctl restart relay.service, \
                   /usr/bin/systemctl status relay.service
User_Alias ONCALL = %ops
ONCALL	ALL = NOPASSWD: RELAY
END
chmod 0440 /etc/sudoers.d/50-tomas
