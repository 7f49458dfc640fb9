#!/bin/sh
# The wind first, then the rounding.
set -e
cd ~/weather
export GIT_EDITOR=true
GIT_SEQUENCE_EDITOR='sed -i "2s/^pick/edit/"' git rebase -q -i base
git reset -q HEAD^
cp weather.sh /tmp/weather.sh && cp CHANGES /tmp/CHANGES
sed -i 's/(tenths + 5)/tenths/' weather.sh
sed -i '/rounded/d' CHANGES
git add -A
git commit -q -m "Show wind"
cp /tmp/weather.sh weather.sh && cp /tmp/CHANGES CHANGES
git add -A
git commit -q -m "Fix rounding"
git rebase --continue
