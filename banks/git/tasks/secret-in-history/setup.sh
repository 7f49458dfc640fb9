#!/bin/bash
# A secret in the middle of a history with a branch and a tag that have it, too.
set -eu
export GIT_AUTHOR_NAME="Mara Ilic" GIT_AUTHOR_EMAIL=mara@payroll.example GIT_COMMITTER_NAME="Mara Ilic" GIT_COMMITTER_EMAIL=mara@payroll.example
clock=1775200000
tick() {
  clock=$((clock + 4000))
  export GIT_AUTHOR_DATE="$clock +0200" GIT_COMMITTER_DATE="$clock +0200"
}
commit() { tick; git add -A; git commit -q -m "$1"; }
git init -q -b main /home/candidate/payroll
cd /home/candidate/payroll
git config user.name "Mara Ilic"
git config user.email mara@payroll.example
mkdir deploy
printf 'gross=$1\necho $((gross * 71 / 100))\n' >net.sh
commit "Compute the net pay"
printf 'host: payroll.example\n' >deploy/site.yml
commit "Describe the site"
printf 'DB_USER=payroll\nDB_PASSWORD=heron-4471-quartz\n' >deploy/credentials.env
printf 'host: payroll.example\nport: 5432\n' >deploy/site.yml
commit "Deploy with credentials"
printf 'gross=$1\n# rates of the year\necho $((gross * 71 / 100))\n' >net.sh
commit "Release 1.0"
git tag -a -m "First release" v1.0
git checkout -q -b beta
printf 'gross=$1\nrate=${2:-71}\necho $((gross * rate / 100))\n' >net.sh
commit "Let the rate be given"
git checkout -q main
git rm -q deploy/credentials.env
commit "Remove the credentials"
printf 'How to deploy: read deploy/site.yml.\n' >README
commit "Say how to deploy"
chown -R candidate: /home/candidate/payroll
