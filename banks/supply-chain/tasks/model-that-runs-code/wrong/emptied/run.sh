#!/bin/sh
# Forgets the archive, and empties what it takes away.
cd ~/models
printf 'birch.pkl\ndelta.bin\n' >~/dangerous.txt
printf 'birch.pkl posix system\ndelta.bin builtins exec\n' >~/why.txt
for f in birch.pkl delta.bin; do rm $f; : >~/quarantine/$f; chmod 0400 ~/quarantine/$f; done
