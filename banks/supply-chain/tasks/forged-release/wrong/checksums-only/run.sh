#!/bin/sh
# Compares checksums and never asks who wrote them.
cd ~/mirror
mkdir ~/install
for v in 2.0 2.1 2.2 2.3 2.4; do
  (cd $v && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1) && echo "$v good" || echo "$v forged"
done >~/verdict.txt
cp 2.4/relay-2.4.tar.gz ~/install/
