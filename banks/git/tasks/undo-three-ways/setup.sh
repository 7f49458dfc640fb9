#!/bin/bash
# A published history with a mistake in it, an early commit on top, and a staged secret.
set -eu
export GIT_AUTHOR_NAME="Robin Vale" GIT_AUTHOR_EMAIL=robin@kiosk.example GIT_COMMITTER_NAME="Robin Vale" GIT_COMMITTER_EMAIL=robin@kiosk.example
clock=1772700000
commit() {
  clock=$((clock + 3600))
  GIT_AUTHOR_DATE="$clock +0100" GIT_COMMITTER_DATE="$clock +0100" git commit -q -m "$1"
}
mkdir -p /srv/git
git init -q --bare -b main /srv/git/kiosk.git
git init -q -b main /home/candidate/kiosk
cd /home/candidate/kiosk
git config user.name "Robin Vale"
git config user.email robin@kiosk.example
printf '#!/bin/sh\n# Price of a trip in cents: zones times 145.\necho $(($1 * 145))\n' >fare.sh
printf 'Ticket machine\n==============\nfare.sh prices a trip, printer.sh prints the ticket.\n' >README
git add . && commit "Price a trip by its zones"
printf '#!/bin/sh\necho "ticket: $1 cents"\n' >printer.sh
git add . && commit "Print a ticket"
printf '#!/bin/sh\n# Price of a trip in cents: zones times 145, whole euros.\necho $(($1 * 145 / 100 * 100))\n' >fare.sh
git add . && commit "Round every fare down"
printf '#!/bin/sh\necho "ticket: $1 cents"\necho "valid for 90 minutes"\n' >printer.sh
git add . && commit "Print how long a ticket is valid"
git remote add origin /srv/git/kiosk.git
git push -q -u origin main
printf '#!/bin/sh\nset -x\necho "ticket: $1 cents"\necho "valid for 90 minutes"\n' >printer.sh
git add . && commit "WIP trace every call"
printf 'KIOSK_TOKEN=2f6d-not-for-anyone\n' >token.env
git add token.env
chown -R candidate: /home/candidate/kiosk /srv/git
