#!/bin/bash
# An upstream, roots inside of locations, the default site turned into the one for all other names.
set -eu
cd /etc/nginx
cat > sites-available/shop <<'E'
upstream app { server 127.0.0.1:8081; }
server {
  listen 80;
  server_name shop.harbour.test;
  access_log /var/log/nginx/shop/access.log;
  location / { root /srv/www/shop/public; index index.html; }
  location /api/ { proxy_pass http://app/; proxy_set_header Host $host; }
  location ~ /\.(?!well-known) { return 404; }
}
E
cat > sites-available/blog <<'E'
server { listen 80; server_name blog.harbour.test; location / { root /srv/www/blog; } }
server { listen 80; server_name www.blog.harbour.test; return 301 $scheme://blog.harbour.test$request_uri; }
E
cat > sites-available/default <<'E'
server { listen 80 default_server; server_name _; return 404; }
E
ln -sfn ../sites-available/shop sites-enabled/shop; ln -sf ../sites-available/blog sites-enabled/
mkdir -p /var/log/nginx/shop; chmod 711 /srv/www/blog
nginx
