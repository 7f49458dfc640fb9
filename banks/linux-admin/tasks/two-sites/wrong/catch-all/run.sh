#!/bin/sh
# The shop answers for every name, and what is hidden is forbidden in place of not found; the redirection forgets the path.
set -eu
cd /etc/nginx
sed -i -e 's/pubilc/public/' -e 's/\$host$/$host;/' -e 's|8081;|8081/;|' -e 's|^    listen 80;|    listen 80 default_server;|' \
  -e 's|^    location / {|    location ~ /\\. { deny all; }\n\n&|' sites-available/shop
ln -sf ../sites-available/shop sites-enabled/shop
ln -s ../sites-available/blog sites-enabled/blog
rm sites-enabled/default
sed -i 's/ www.blog.harbour.test//' sites-available/blog
cat >conf.d/names.conf <<'END'
server { listen 80; server_name www.blog.harbour.test; return 301 http://blog.harbour.test/; }
END
mkdir -p /var/log/nginx/shop
chmod 755 /srv/www/blog
nginx
