#!/bin/sh
set -eu
cd /etc/ssl/harbour
mv shop.crt shop.crt.old
(umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out shop.key.new)
mv shop.key.new shop.key
openssl req -new -key shop.key -subj '/CN=shop.harbour.test' -out /root/shop.csr
printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'extendedKeyUsage=serverAuth' \
  'subjectAltName=DNS:shop.harbour.test,DNS:www.shop.harbour.test' >/root/ext
openssl x509 -req -in /root/shop.csr -CA /srv/pki/issuing.crt -CAkey /srv/pki/issuing.key -days 90 -sha256 \
  -extfile /root/ext -out shop.crt 2>/dev/null
cat shop.crt /srv/pki/issuing.crt >shop-fullchain.pem
