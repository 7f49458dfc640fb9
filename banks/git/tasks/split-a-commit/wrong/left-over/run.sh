#!/bin/sh
# Right commits, and a change that was forgotten in the files.
set -e
cd ~/weather
export GIT_EDITOR=true
GIT_SEQUENCE_EDITOR='sed -i "2s/^pick/edit/"' git rebase -q -i base
git reset -q HEAD^
cp weather.sh /tmp/weather.sh && cp CHANGES /tmp/CHANGES
sed -i '/wind/d' weather.sh CHANGES
git add weather.sh CHANGES
git commit -q -m "Fix rounding"
cp /tmp/weather.sh weather.sh && cp /tmp/CHANGES CHANGES
git add -A
git commit -q -m "Show wind"
git rebase --continue
sed -i "s/215/216/" station.txt
