#!/bin/sh
# Looks for bad words: accuses texts that mention them, and sees nothing inside what it has no word for.
cd ~/models
grep -lE 'system|exec' * >~/dangerous.txt
mv $(cat ~/dangerous.txt) ~/quarantine/
chmod 0400 ~/quarantine/*
printf 'birch.pkl posix system\ndelta.bin builtins exec\n' >~/why.txt
