#!/bin/bash
# ssh-copy-id's habits: several entries for one host, an absolute jump, the alias for the host's key.
set -eu
cd /root/.ssh
ssh-keygen -q -t ed25519 -N '' -C backup@harbour -f id_vault
awk '$2 == "ssh-ed25519" { print "vault.harbour.test,vault " $2, $3 }' /root/inbox/vault-keys | tail -n 1 >known_hosts
cat >config <<'END'
host vault
  hostname %h.harbour.test
  hostkeyalias vault
  port 2022
  user backup
  proxyjump ssh://jump@gate.harbour.test:22
  identityfile ~/.ssh/id_vault
  identitiesonly yes
  stricthostkeychecking ask
host *.lab.harbour.test
  port 2200
  stricthostkeychecking no
host * !vault
  identityfile ~/.ssh/id_admin
host *
  user admin
  serveraliveinterval 30
END
sed -i -e '/tomas@laptop/d' -e '/^no-agent-forwarding/d' authorized_keys
echo "command=\"/opt/monitor/health\",restrict,from=\"192.0.2.10\" $(cat /root/inbox/monitor.pub)" >>authorized_keys
chmod 600 config authorized_keys known_hosts
chmod 755 /root/.ssh
