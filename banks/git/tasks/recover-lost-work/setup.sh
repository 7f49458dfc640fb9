#!/bin/bash
# A deleted branch, an amended commit that looks like its tip, and a dropped stash among other unnamed commits.
set -eu
export GIT_AUTHOR_NAME="Ada Kern" GIT_AUTHOR_EMAIL=ada@handbook.example GIT_COMMITTER_NAME="Ada Kern" GIT_COMMITTER_EMAIL=ada@handbook.example
clock=1774000000
tick() {
  clock=$((clock + 700))
  export GIT_AUTHOR_DATE="$clock +0000" GIT_COMMITTER_DATE="$clock +0000"
}
commit() { tick; git add -A; git commit -q -m "$1"; }
git init -q -b main /home/candidate/handbook
cd /home/candidate/handbook
git config user.name "Ada Kern"
git config user.email ada@handbook.example
git config gc.auto 0
printf '# Handbook\n' >README.md
commit "Begin the handbook"
printf '# Visitors\n\nVisitors sign in at the desk.\n' >visitors.md
commit "Explain how visitors sign in"
git checkout -q -b release-notes
printf '# Release notes\n\n## 2.0\n' >notes.md
commit "Begin the release notes"
printf '# Release notes\n\n## 2.0\n\n- New door codes\n' >notes.md
commit "Describe the door codes"
printf '# Release notes\n\n## 2.0\n\n- New door codes\n- Upgrade: change the codes first\n' >notes.md
commit "Describe the upgrad"
tick
git commit -q --amend -m "Describe the upgrade"
git checkout -q main
printf '# Visitors\n\nVisitors sign in at the desk and get a badge.\n' >visitors.md
commit "Visitors get a badge"
# A stash of something unimportant, dropped as well.
printf '# Handbook\n\nscribble\n' >README.md
tick; git stash push -q -m "scribbles"
git stash drop -q
printf '# In an emergency\n\n1. Ring 112.\n2. Leave by the north stairs.\n3. Meet at the oak.\n' >emergency.md
tick; git stash push -q --include-untracked -m "emergency draft"
git stash drop -q
git branch -q -D release-notes
git tag -a -m "as handed out" handed-out main
chown -R candidate: /home/candidate/handbook
