#!/bin/sh
# Everybody may do everything; the other name of the blog shows the same pages; the default page is still there.
set -eu
cd /etc/nginx
sed -i -e 's/pubilc/public/' -e 's/\$host$/$host;/' -e 's|8081;|8081/;|' sites-available/shop
ln -sf ../sites-available/shop sites-enabled/shop
ln -s ../sites-available/blog sites-enabled/blog
mkdir -p /var/log/nginx/shop
chmod -R 777 /srv/www
nginx
