#!/bin/sh
# Believes that the file is gone because the newest commit does not have it.
cd ~/payroll
echo deploy/credentials.env >.gitignore
git add .gitignore && git commit -q -m "Never again"
git gc -q --prune=now
