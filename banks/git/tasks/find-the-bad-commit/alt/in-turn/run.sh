#!/bin/sh
# One by one, from the oldest, in a work tree of its own.
set -e
cd ~/tides
git worktree add -q --detach /tmp/walk v1.0
for id in $(git rev-list --reverse v1.0..main); do
  code=0
  (cd /tmp/walk && git checkout -q "$id" && ./check.sh) || code=$?
  [ "$code" = 1 ] && break
done
git worktree remove --force /tmp/walk
git tag first-bad "$id"
git rev-parse "$id" >~/answer.txt
