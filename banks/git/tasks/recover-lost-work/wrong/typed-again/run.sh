#!/bin/sh
# Writes everything from memory, on top of main.
set -e
cd ~/handbook
git checkout -q -b release-notes
printf '# Release notes\n\n## 2.0\n\n- New door codes\n- Upgrade: change the codes first\n' >notes.md
git add notes.md && git commit -q -m "Describe the upgrade"
git checkout -q -b rescued main
printf '# In an emergency\n\n1. Ring 112.\n2. Leave by the stairs.\n' >emergency.md
git add emergency.md && git commit -q -m "Emergency"
