#!/bin/sh
# The old certificate runs out in a few days; its key is readable for everybody.
set -eu
cd /etc/ssl/harbour
chmod 644 shop.key
chmod 600 /srv/pki/issuing.key
openssl req -new -key shop.key -subj '/O=Harbour Goods/CN=shop.harbour.test' -out /tmp/old.csr
printf 'subjectAltName=DNS:shop.harbour.test\n' >/tmp/old.ext
openssl x509 -req -in /tmp/old.csr -CA /srv/pki/issuing.crt -CAkey /srv/pki/issuing.key -set_serial 0x51a7 -days 6 -sha256 \
  -extfile /tmp/old.ext -out shop.crt 2>/dev/null
cat shop.crt /srv/pki/issuing.crt >shop-fullchain.pem
rm /tmp/old.csr /tmp/old.ext
