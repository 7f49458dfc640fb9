#!/bin/bash
# Five releases: two are good, one has a stranger's signature, one a changed archive, one a signature for another purpose.
set -eu
keys=$(mktemp -d)
mkdir -p /home/candidate/mirror
cd /home/candidate/mirror
ssh-keygen -q -t ed25519 -N '' -C release@relay.example -f "$keys/release"
ssh-keygen -q -t ed25519 -N '' -C release@relay.example -f "$keys/stranger"
ssh-keygen -q -t ed25519 -N '' -C docs@relay.example -f "$keys/docs"
{
  echo "release@relay.example namespaces=\"file\" $(cut -d' ' -f1,2 "$keys/release.pub")"
  echo "docs@relay.example namespaces=\"git\" $(cut -d' ' -f1,2 "$keys/docs.pub")"
} >/home/candidate/allowed_signers
for v in 2.0 2.1 2.2 2.3 2.4; do
  mkdir $v
  printf 'relay %s\n' $v >$v/relay-$v.txt
  tar --sort=name --mtime=@1771000000 --owner=0 --group=0 --numeric-owner -czf $v/relay-$v.tar.gz -C $v relay-$v.txt
  rm $v/relay-$v.txt
  (cd $v && sha256sum relay-$v.tar.gz >SHA256SUMS)
done
sign() { ssh-keygen -q -Y sign -f "$keys/$2" -n "$3" "$1/SHA256SUMS" 2>/dev/null; }
sign 2.0 release file
sign 2.1 stranger file
sign 2.2 release file
sign 2.3 release file
sign 2.4 docs git
# 2.3: the archive was exchanged after it had been signed. 2.1: archive, list and signature are all the stranger's.
printf 'relay 2.3 with something extra\n' >x
tar --mtime=@1771000000 --owner=0 --group=0 --numeric-owner -czf 2.3/relay-2.3.tar.gz x
rm x
rm -r "$keys"
chown -R candidate: /home/candidate/mirror /home/candidate/allowed_signers
