#!/bin/sh
# Looks for names that the tag does not have, and believes what is called generated.
set -e
mkdir ~/work && cd ~/work
tar -xzf ~/release/widget-1.4.0.tar.gz
(cd widget-1.4.0 && find . -type f | sed 's/^\.\///' | sort) >names
git -C ~/widget ls-tree -r --name-only v1.4.0 | cat - ~/widget/GENERATED | sort | comm -23 names - >~/findings.txt
rm -r widget-1.4.0/build-aux/compat.sh widget-1.4.0/tests/data/large.bin
tar -czf ~/widget-1.4.0-clean.tar.gz widget-1.4.0
