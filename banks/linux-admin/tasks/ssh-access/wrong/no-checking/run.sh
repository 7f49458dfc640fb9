#!/bin/bash
# Host keys are not checked at all; the host's key is filed without its port; the file of keys stays writable.
set -eu
cd /root/.ssh
ssh-keygen -q -t ed25519 -N '' -C backup@harbour -f id_vault
grep 'ssh-ed25519' /root/inbox/vault-keys | tail -n 1 | sed 's/^\[\(.*\)\]:2022/\1/' >known_hosts
cat >config <<'END'
Host vault
    HostName vault.harbour.test
    Port 2022
    User backup
    ProxyJump jump@gate.harbour.test
    IdentityFile ~/.ssh/id_vault
    IdentitiesOnly yes
    StrictHostKeyChecking no
Host * !vault
    IdentityFile ~/.ssh/id_admin
Host *
    User admin
    ServerAliveInterval 30
Host *.lab.harbour.test
    Port 2200
    StrictHostKeyChecking no
END
sed -i -e '/tomas@laptop/d' -e '/^no-agent-forwarding/d' authorized_keys
echo "restrict,command=\"/opt/monitor/health\" $(cat /root/inbox/monitor.pub)" >>authorized_keys
chmod 700 .
chmod 666 authorized_keys
