#!/bin/sh
# Without the reflog: looks at every commit that has no name, and takes the file out of the stash's third parent.
set -e
cd ~/handbook
for id in $(git cat-file --batch-check --batch-all-objects | sed -n 's/ commit .*//p'); do
  case "$(git log -1 --format=%s "$id")" in
  "Describe the upgrade") git branch -f release-notes "$id" ;;
  "On main: emergency draft") stash=$id ;;
  esac
done
git switch -q -c rescued main
git show "$stash^3:emergency.md" >emergency.md
git add emergency.md
git commit -q -m "Rescue the draft"
git switch -q main
