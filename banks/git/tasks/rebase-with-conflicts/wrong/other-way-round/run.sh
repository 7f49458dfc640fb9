#!/bin/sh
# Rebases main onto metric.
cd ~/recipes
export GIT_EDITOR=true
git checkout -q main && git rebase -q -X theirs metric
