#!/bin/bash
set -eu
cd /root/.ssh
ssh-keygen -q -t ed25519 -N '' -C backup@harbour -f id_vault

# the key with the fingerprint that was read out
while read -r line; do
  case $line in \#*) continue ;; esac
  if [ "$(ssh-keygen -lf - <<<"$line" | cut -d ' ' -f 2)" = SHA256:N3ZCk5/wgfPnT+ZIoOzOvOrvPoRBmf4tSlwD+J6wlu0 ]; then echo "$line"; fi
done </root/inbox/vault-keys >>known_hosts

cat >config <<'END'
Host vault
    HostName vault.harbour.test
    Port 2022
    User backup
    ProxyJump jump@gate.harbour.test
    IdentityFile ~/.ssh/id_vault
    IdentitiesOnly yes

Host * !vault
    IdentityFile ~/.ssh/id_admin

# for all hosts
Host *
    User admin
    ServerAliveInterval 30

Host *.lab.harbour.test
    Port 2200
    StrictHostKeyChecking no
END

tomas=$(awk '/tomas@laptop/ { print $2 }' authorized_keys)
{
  grep -vF "$tomas" authorized_keys
  printf 'restrict,command="/opt/monitor/health",from="192.0.2.10" %s\n' "$(cat /root/inbox/monitor.pub)"
} >/tmp/keys
cat /tmp/keys >authorized_keys
chmod go-w . *
