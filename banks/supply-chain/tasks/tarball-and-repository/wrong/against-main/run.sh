#!/bin/sh
# Compares with main, where the work has gone on.
set -e
mkdir ~/work && cd ~/work
tar -xzf ~/release/widget-1.4.0.tar.gz
mkdir tag && git -C ~/widget archive main | tar -x -C tag
(cd tag && sh ./autogen.sh)
(cd widget-1.4.0 && find . -type f) | sed 's/^\.\///' | sort | while read -r f; do cmp -s "widget-1.4.0/$f" "tag/$f" || echo "$f"; done >~/findings.txt
git -C ~/widget archive --prefix=widget-1.4.0/ -o ~/widget-1.4.0-clean.tar.gz main
