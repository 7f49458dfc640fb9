#!/bin/sh
# Lets the branch point into the stash itself, merge commit and all.
set -e
cd ~/handbook
git branch release-notes "$(git reflog --format='%H %gs' | grep 'Describe the upgrade$' | head -n 1 | cut -d' ' -f1)"
for id in $(git fsck --no-reflogs --unreachable 2>/dev/null | sed -n 's/^unreachable commit //p'); do
  case "$(git log -1 --format=%s "$id")" in *"emergency draft"*) stash=$id ;; esac
done
git branch rescued "$stash^3"
