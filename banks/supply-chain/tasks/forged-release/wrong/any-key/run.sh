#!/bin/sh
# "Good signature" by whatever key there is, on the list alone.
cd ~/mirror
mkdir ~/install
for v in 2.0 2.1 2.2 2.3 2.4; do
  ssh-keygen -Y check-novalidate -n file -s $v/SHA256SUMS.sig <$v/SHA256SUMS >/dev/null 2>&1 && echo "$v good" || echo "$v forged"
done >~/verdict.txt
cp 2.3/relay-2.3.tar.gz ~/install/
