#!/bin/bash
# Everything in one new file; rewrites in place of return; the group of www-data in place of others; deny gives 404 by error_page.
set -eu
rm /etc/nginx/sites-enabled/*
mkdir -p /var/log/nginx/shop
chgrp -R www-data /srv/www/blog
chmod 750 /srv/www/blog
cat >/etc/nginx/sites-enabled/00-all.conf <<'END'
server { listen 0.0.0.0:80 default_server; location / { return 404; } }
server {
    listen 80;
    server_name shop.harbour.test;
    root /srv/www/shop/public;
    access_log /var/log/nginx/shop/access.log combined;
    location ^~ /api/ {
        rewrite ^/api/(.*)$ /$1 break;
        proxy_pass http://127.0.0.1:8081;
    }
    location ~ (^|/)\. { deny all; error_page 403 =404 /404; }
}
server {
    listen *:80;
    server_name .blog.harbour.test;
    root /srv/www/blog;
    if ($host != blog.harbour.test) { rewrite ^ http://blog.harbour.test$uri permanent; }
}
END
nginx
