#!/bin/sh
# Removes the whole folder, and the tag for good measure.
set -e
cd ~/payroll
export FILTER_BRANCH_SQUELCH_WARNING=1
git tag -d v1.0 >/dev/null
git filter-branch -f --index-filter 'git rm -rq --cached --ignore-unmatch deploy' -- --all >/dev/null 2>&1
git for-each-ref --format="delete %(refname)" refs/original | git update-ref --stdin
git reflog expire --expire=now --all
git gc -q --prune=now
