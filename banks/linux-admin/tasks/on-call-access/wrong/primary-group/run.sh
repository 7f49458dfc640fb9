#!/bin/sh
# Replaces Tomas's groups and forgets that others are in one; the old rule is only partly taken away.
set -eu
useradd -m -g ops -c 'Mira Osei' -s /bin/bash mira
chage -d 0 mira
usermod -L -e 1 -G '' tomas
useradd -r -s /usr/sbin/nologin relay
sed -i '/^tomas/d' /etc/sudoers.d/50-tomas
cat >/etc/sudoers.d/ops-relay <<'END'
%ops ALL=(root) NOPASSWD: /usr/bin/systemctl restart relay.service, /usr/bin/systemctl status relay.service
END
chmod 0440 /etc/sudoers.d/ops-relay
