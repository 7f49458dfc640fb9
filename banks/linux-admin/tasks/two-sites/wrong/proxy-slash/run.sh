#!/bin/sh
# The slash after the port is missing; the log goes where all logs go; the blog's folder stays closed.
set -eu
cd /etc/nginx
sed -i -e 's/pubilc/public/' -e 's/\$host$/$host;/' -e '/access_log/d' -e 's|^    location / {|    location ~ /\\. { return 404; }\n\n&|' sites-available/shop
ln -sf ../sites-available/shop sites-enabled/shop
ln -s ../sites-available/blog sites-enabled/blog
rm sites-enabled/default
sed -i 's/ www.blog.harbour.test//' sites-available/blog
cat >conf.d/names.conf <<'END'
server { listen 80; server_name www.blog.harbour.test; return 302 http://blog.harbour.test$request_uri; }
server { listen 80 default_server; return 404; }
END
nginx
