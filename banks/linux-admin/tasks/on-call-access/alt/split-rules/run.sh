#!/bin/sh
# Two rules in place of one, with a tag that forbids what the programs could start.
set -eu
useradd -m -U -c 'Mira Osei' -s /bin/bash mira
gpasswd -a mira ops >/dev/null
usermod -e 1970-01-02 -L tomas
gpasswd -d tomas ops >/dev/null
chage -d 0 mira
useradd -r -M -s /usr/sbin/nologin relay
rm /etc/sudoers.d/50-tomas
cat >/etc/sudoers.d/relay <<'END'
%ops ALL = (root:root) NOPASSWD: NOEXEC: /usr/bin/systemctl restart relay.service
%ops ALL = (root) NOPASSWD: /usr/bin/systemctl status relay.service
END
chmod 0400 /etc/sudoers.d/relay
