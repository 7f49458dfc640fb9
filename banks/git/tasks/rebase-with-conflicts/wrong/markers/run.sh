#!/bin/sh
# Adds the files as they are, markers included.
cd ~/recipes
export GIT_EDITOR=true
git rebase main
git add -A && git rebase --continue
git add -A && git rebase --continue
