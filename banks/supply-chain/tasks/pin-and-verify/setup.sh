#!/bin/bash
# A mirror with good and changed archives, a signed index, and ranges with traps.
set -eu
keys=$(mktemp -d) work=$(mktemp -d)
mkdir -p /srv/mirror /srv/mirror-bad /srv/mirror-short /home/candidate/app /home/candidate/trusted
pack() { # NAME VERSION TEXT TO
  mkdir -p "$work/$1-$2/lib"
  printf '%s\n' "$3" >"$work/$1-$2/lib/$1.txt"
  printf 'name=%s\nversion=%s\n' "$1" "$2" >"$work/$1-$2/META"
  tar --sort=name --mtime=@1771000000 --owner=0 --group=0 --numeric-owner -czf "$4/$1-$2.tar.gz" -C "$work" "$1-$2"
  rm -r "${work:?}/$1-$2"
}
while read -r name version; do
  pack $name $version "$name $version" /srv/mirror
done <<'END'
alder 1.3
alder 1.4
alder 1.9
alder 1.10
alder 2.0
alder 1.11-rc1
bramble 2.0.3
bramble 2.0.9
bramble 2.0.12
bramble 2.0.13
bramble 2.1.0
clover 3.0
clover 3.1
clover 3.1.1
END
(cd /srv/mirror && sha256sum *.tar.gz) | sed 's/^\([0-9a-f]*\)  \(.*\)\.tar\.gz$/\2 \1/' >/home/candidate/trusted/INDEX
cp /srv/mirror/*.tar.gz /srv/mirror-bad/
cp /srv/mirror/*.tar.gz /srv/mirror-short/
# The mirror itself has a version that was never published, and one that was exchanged; a second mirror changes what is to be pinned.
pack alder 1.12 "alder 1.12 with a miner" /srv/mirror
pack bramble 2.0.9 "bramble 2.0.9 exchanged" /srv/mirror
pack clover 3.1 "clover 3.1 with a miner" /srv/mirror-bad
rm /srv/mirror-short/bramble-2.0.12.tar.gz
echo "bramble 2.0.13" >/home/candidate/trusted/REVOKED
printf 'alder ^1.4\nbramble ~2.0.3\nclover =3.1\n' >/home/candidate/app/requirements.txt
ssh-keygen -q -t ed25519 -N '' -C index@libs.example -f "$keys/index"
ssh-keygen -q -Y sign -f "$keys/index" -n file /home/candidate/trusted/INDEX 2>/dev/null
echo "index@libs.example namespaces=\"file\" $(cut -d' ' -f1,2 "$keys/index.pub")" >/home/candidate/trusted/allowed_signers
rm -r "$keys" "$work"
chown -R candidate: /home/candidate
