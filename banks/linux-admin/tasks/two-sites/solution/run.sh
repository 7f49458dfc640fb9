#!/bin/sh
set -eu
cd /etc/nginx
sed -i -e 's/pubilc/public/' -e 's/\$host$/$host;/' -e 's|8081;|8081/;|' -e 's|^    location / {|    location ~ /\\. { return 404; }\n\n&|' sites-available/shop
ln -sf ../sites-available/shop sites-enabled/shop
ln -s ../sites-available/blog sites-enabled/blog
rm sites-enabled/default
sed -i 's/ www.blog.harbour.test//' sites-available/blog
cat >conf.d/names.conf <<'END'
server {
    listen 80;
    server_name www.blog.harbour.test;
    return 301 http://blog.harbour.test$request_uri;
}
server {
    listen 80 default_server;
    server_name _;
    return 404;
}
END
mkdir -p /var/log/nginx/shop
chmod 755 /srv/www/blog
nginx -t -q
nginx
