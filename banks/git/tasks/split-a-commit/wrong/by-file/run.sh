#!/bin/sh
# Splits by files instead of by changes: all of weather.sh goes into the first commit.
set -e
cd ~/weather
export GIT_EDITOR=true
GIT_SEQUENCE_EDITOR='sed -i "2s/^pick/edit/"' git rebase -q -i base
git reset -q HEAD^
git add weather.sh
git commit -q -m "Fix rounding"
git add -A
git commit -q -m "Show wind"
git rebase --continue
