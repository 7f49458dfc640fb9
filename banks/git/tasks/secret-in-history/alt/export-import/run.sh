#!/bin/sh
# Exports everything, leaves the file's lines out, and imports the rest into a fresh repository, which takes the old one's place.
set -e
cd ~
git init -q -b main clean
(cd payroll && git fast-export --all | sed '/^[MD] .*deploy\/credentials\.env$/d') | (cd clean && git fast-import --quiet)
cd clean
git gc -q --prune=now
git reset -q --hard main
git config user.name "Mara Ilic"
git config user.email mara@payroll.example
cd ..
rm -rf payroll
mv clean payroll
