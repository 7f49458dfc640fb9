#!/bin/bash
# RSA, the extensions come from the request, and openssl writes the certificate with its text in front.
set -eu
cd /etc/ssl/harbour
cp -p shop.crt shop.crt.old
rm shop.key
umask 0377
openssl req -new -newkey rsa:3072 -nodes -keyout shop.key -out /tmp/shop.csr -subj '/O=Harbour Goods/CN=Shop' \
  -addext 'subjectAltName=DNS:www.shop.harbour.test,DNS:shop.harbour.test' -addext 'extendedKeyUsage=serverAuth,clientAuth' \
  -addext 'keyUsage=digitalSignature,keyEncipherment' 2>/dev/null
umask 022
openssl x509 -req -in /tmp/shop.csr -CA /srv/pki/issuing.crt -CAkey /srv/pki/issuing.key -CAcreateserial -CAserial /tmp/serial \
  -copy_extensions copyall -days 90 -sha384 -text -out shop.crt 2>/dev/null
{ openssl x509 -in shop.crt; echo; openssl x509 -in /srv/pki/issuing.crt; } >shop-fullchain.pem
