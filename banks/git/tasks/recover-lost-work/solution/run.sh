#!/bin/sh
set -e
cd ~/handbook
git branch release-notes "$(git reflog --format='%H %gs' | grep 'Describe the upgrade$' | head -n 1 | cut -d' ' -f1)"
for id in $(git fsck --no-reflogs --unreachable 2>/dev/null | sed -n 's/^unreachable commit //p'); do
  case "$(git log -1 --format=%s "$id")" in *"emergency draft"*) stash=$id ;; esac
done
git checkout -q -b rescued main
git stash apply -q "$stash"
git add emergency.md
git commit -q -m "What to do in an emergency"
