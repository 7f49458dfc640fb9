#!/bin/sh
# Removes the account in place of closing it; a wildcard at the end of a rule.
set -eu
useradd -m -U -G ops -c 'Mira Osei' -s /bin/bash mira
chage -d 0 mira
userdel tomas
useradd -r -s /usr/sbin/nologin relay
cat >/etc/sudoers.d/ops-relay <<'END'
%ops ALL=(root) NOPASSWD: /usr/bin/systemctl restart relay.service, /usr/bin/systemctl status relay*
END
chmod 0440 /etc/sudoers.d/ops-relay
rm /etc/sudoers.d/50-tomas
