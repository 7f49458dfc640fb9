#!/bin/sh
# The line that matters can be searched for: the first commit whose program subtracts.
set -e
cd ~/tides
id=$(git log --reverse --format=%H -G'base - step' v1.0..main -- tide.sh | head -n 1)
git tag -a -m "first wrong answer" first-bad "$id"
echo "$id" >~/answer.txt
