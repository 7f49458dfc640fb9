#!/bin/sh
# An older commit of the branch, and the other stash.
set -e
cd ~/handbook
git branch release-notes "$(git reflog --format='%H %gs' | grep 'Describe the door codes$' | head -n 1 | cut -d' ' -f1)"
for id in $(git fsck --no-reflogs --unreachable 2>/dev/null | sed -n 's/^unreachable commit //p'); do
  case "$(git log -1 --format=%s "$id")" in *scribbles*) stash=$id ;; esac
done
git checkout -q -b rescued main
git stash apply -q "$stash"
git commit -q -a -m "Rescued"
