#!/bin/sh
# Installs copies with the mode, then removes; builds the lists from one table.
set -e
cd ~
while read -r name module function; do
  install -m 0444 "models/$name" "quarantine/$name"
  rm "models/$name"
  echo "$name $module $function" >>why.txt
done <<END
birch.pkl posix system
delta.bin builtins exec
glade.pt runpy _run_code
END
cut -d' ' -f1 why.txt >dangerous.txt
