#!/bin/sh
# The ca command with a configuration and a database of its own, a P-384 key in the older format.
set -eu
cd /etc/ssl/harbour
mv shop.crt shop.crt.old
mkdir /root/ca
: >/root/ca/index.txt
cat >/root/ca/ca.cnf <<'END'
[ca]
default_ca = issuing
[issuing]
database = /root/ca/index.txt
new_certs_dir = /root/ca
rand_serial = yes
certificate = /srv/pki/issuing.crt
private_key = /srv/pki/issuing.key
default_md = sha512
default_days = 90
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:shop.harbour.test, DNS:www.shop.harbour.test
authorityKeyIdentifier = keyid
END
openssl ecparam -name secp384r1 -genkey -out /root/ca/new.key
openssl req -new -key /root/ca/new.key -subj /CN=www.shop.harbour.test -out /root/ca/new.csr
openssl ca -batch -notext -config /root/ca/ca.cnf -in /root/ca/new.csr -out shop.crt 2>/dev/null
install -m 600 /root/ca/new.key shop.key
cat shop.crt /srv/pki/issuing.crt >shop-fullchain.pem
