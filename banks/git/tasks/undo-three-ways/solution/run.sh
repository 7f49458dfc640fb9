#!/bin/sh
set -e
cd ~/kiosk
git reset -q HEAD~1
git revert --no-edit origin/main~1
