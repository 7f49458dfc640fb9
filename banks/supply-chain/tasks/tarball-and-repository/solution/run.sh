#!/bin/sh
set -e
mkdir ~/work && cd ~/work
tar -xzf ~/release/widget-1.4.0.tar.gz
mkdir tag && git -C ~/widget archive v1.4.0 | tar -x -C tag
(cd tag && sh ./autogen.sh)
diff -rq widget-1.4.0 tag | sed -e 's/^Only in widget-1.4.0: /Only in widget-1.4.0\/: /' \
  -e 's/^Only in widget-1.4.0\/\(.*\): \(.*\)$/\1\/\2/' -e 's/^Files widget-1.4.0\/\(.*\) and .* differ$/\1/' -e 's/^\///' | sort >~/findings.txt
git -C ~/widget archive --prefix=widget-1.4.0/ -o ~/widget-1.4.0-clean.tar.gz v1.4.0
