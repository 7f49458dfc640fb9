#!/bin/sh
# systemctl without arguments in the rule is systemctl with any arguments; the old rule stays; Mira's group is users, her password stays.
set -eu
useradd -m -g users -G ops -c 'Mira Osei' -s /bin/bash mira
usermod -L -e 1 tomas
gpasswd -d tomas ops >/dev/null
useradd -m -s /bin/bash relay
cat >/etc/sudoers.d/ops-relay <<'END'
%ops ALL=(root) NOPASSWD: /usr/bin/systemctl
END
chmod 0644 /etc/sudoers.d/ops-relay
