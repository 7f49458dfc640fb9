#!/bin/sh
# The configuration as it was moved here: links, permissions and a hidden folder that the bank's files cannot express.
set -eu
rm -f /etc/nginx/sites-enabled/*
ln -s /etc/nginx/sites-available/shop.conf /etc/nginx/sites-enabled/shop
ln -s ../sites-available/default /etc/nginx/sites-enabled/default
mkdir -p /srv/www/shop/public/.git /var/log/nginx /var/www/html
echo '[core] secret = yes' >/srv/www/shop/public/.git/config
echo 'the default page' >/var/www/html/index.html
rm -rf /var/log/nginx/shop
chmod 700 /srv/www/blog
