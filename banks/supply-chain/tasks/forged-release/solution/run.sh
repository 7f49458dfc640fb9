#!/bin/sh
cd ~/mirror
mkdir ~/install
for v in 2.0 2.1 2.2 2.3 2.4; do
  if ssh-keygen -q -Y verify -f ~/allowed_signers -I release@relay.example -n file -s $v/SHA256SUMS.sig <$v/SHA256SUMS >/dev/null 2>&1 \
    && (cd $v && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1); then
    echo "$v good"
    newest=$v
  else
    echo "$v forged"
  fi
done >~/verdict.txt
cp $newest/relay-$newest.tar.gz ~/install/
