#!/bin/sh
# A new certificate for the key that everybody could read; the chain is still the old one.
set -eu
cd /etc/ssl/harbour
mv shop.crt shop.crt.old
chmod 600 shop.key
openssl req -new -key shop.key -subj '/CN=shop.harbour.test' -out /root/shop.csr
printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'extendedKeyUsage=serverAuth' \
  'subjectAltName=DNS:shop.harbour.test,DNS:www.shop.harbour.test' >/root/ext
openssl x509 -req -in /root/shop.csr -CA /srv/pki/issuing.crt -CAkey /srv/pki/issuing.key -days 90 -sha256 \
  -extfile /root/ext -out shop.crt 2>/dev/null
