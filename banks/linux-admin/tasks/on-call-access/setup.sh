#!/bin/sh
# A machine with a team, an account that is to be closed, and its owner's careless sudo rule.
set -eu
groupadd -g 1500 ops
groupadd -g 1501 developers
useradd -u 1201 -m -s /bin/bash -c 'Tomas Lind' -G ops,developers tomas
useradd -u 1202 -m -s /bin/bash -c 'Yara Haddad' -G ops yara
usermod -p '$6$Ym1kq0dHc2Jn$7o8TqC1y5cH1pZzO0VYk3dNq1r0oQ0bJ0vQ0kq8J1r2Wl2Y9pZQm0bX3n4v5c6x7z8L9k0j1h2g3f4d5s6a7q8' tomas
usermod -p '$6$Kc8rT2mWq4Lx$1a2s3d4f5g6h7j8k9l0q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c2v3b4n5m6q7w8e9r0t1y2u3' yara
echo 'rotation plan, second half' >/home/tomas/rotation.txt
mkdir -p /home/tomas/.ssh
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKq0mV0bqk2n9pV6oV3s2m6o7Q1x8a4y5c9Z3w0eT1uR tomas@laptop' >/home/tomas/.ssh/authorized_keys
chown -R tomas: /home/tomas 2>/dev/null || true
[ -e /etc/skel/.bashrc ] || cp /etc/bash.bashrc /etc/skel/.bashrc 2>/dev/null || echo '# ~/.bashrc' >/etc/skel/.bashrc

mkdir -p /etc/sudoers.d
cat >/etc/sudoers <<'END'
Defaults	env_reset
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL

@includedir /etc/sudoers.d
END
cat >/etc/sudoers.d/README <<'END'
# Files in this folder are read by sudo unless their name contains a dot or ends in a tilde.
END
cat >/etc/sudoers.d/50-tomas <<'END'
# only until the migration is over
tomas ALL=(ALL) NOPASSWD: ALL
Cmnd_Alias MIGRATION = /usr/bin/rsync, /usr/bin/vim
%ops ALL=(root) NOPASSWD: MIGRATION
END
cat >/etc/sudoers.d/yara-reports <<'END'
yara ALL=(backup) NOPASSWD: /usr/local/bin/report
END
chmod 0440 /etc/sudoers /etc/sudoers.d/*
