#!/bin/sh
# Picks the commits by hand onto a new branch that takes the name over.
set -e
cd ~/recipes
export GIT_EDITOR=true
git checkout -q -b fresh main
git cherry-pick metric~2 || true
sed -e 's/18 oz rye/500 g rye/' -e 's/11 fl oz/330 ml/' -e 's/430 F/220 C/' -i bread.txt
git checkout -q main -- bread.txt
sed -e 's/18 oz rye/500 g rye/' -e 's/11 fl oz/330 ml/' -e 's/430 F/220 C/' -i bread.txt
git add bread.txt && git cherry-pick --continue
git cherry-pick metric~1 || true
git checkout -q main -- soup.txt
sed -e 's/68 fl oz/2 l/' -e 's/14 oz/400 g/' -i soup.txt
git add soup.txt && git cherry-pick --continue
git cherry-pick metric
git branch -M fresh metric
