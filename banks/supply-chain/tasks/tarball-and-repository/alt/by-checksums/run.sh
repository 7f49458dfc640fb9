#!/bin/sh
# Checksums of both sides; the archive with tar.
set -e
mkdir ~/a ~/t
tar -xzf ~/release/widget-1.4.0.tar.gz -C ~/a --strip-components=1
git -C ~/widget worktree add -q --detach ~/t/widget-1.4.0 v1.4.0
rm ~/t/widget-1.4.0/.git
tar -czf ~/widget-1.4.0-clean.tar.gz -C ~/t widget-1.4.0
(cd ~/t/widget-1.4.0 && sh ./autogen.sh && find . -type f -exec sha256sum {} + | sort) >~/t.sums
(cd ~/a && find . -type f -exec sha256sum {} + | sort) >~/a.sums
comm -23 ~/a.sums ~/t.sums | sed 's/^[0-9a-f]*  //' | sort >~/findings.txt
