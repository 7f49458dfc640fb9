#!/bin/sh
set -e
cd ~/models
# Seen with: for f in *; do echo "== $f"; strings -n 3 "$f"; done; tar -xOf glade.pt archive/data.pkl | strings -n 3
printf 'birch.pkl\ndelta.bin\nglade.pt\n' >~/dangerous.txt
printf 'birch.pkl posix system\ndelta.bin builtins exec\nglade.pt runpy _run_code\n' >~/why.txt
mv birch.pkl delta.bin glade.pt ~/quarantine/
chmod 0400 ~/quarantine/*
