#!/bin/sh
set -eu
useradd -m -U -G ops -c 'Mira Osei' -s /bin/bash mira
chage -d 0 mira

usermod -L -e 1 tomas
gpasswd -d tomas ops >/dev/null

useradd -r -s /usr/sbin/nologin relay

umask 0337
cat >/etc/sudoers.d/ops-relay <<'END'
%ops ALL=(root) NOPASSWD: /usr/bin/systemctl restart relay.service, /usr/bin/systemctl status relay.service
END
rm /etc/sudoers.d/50-tomas
