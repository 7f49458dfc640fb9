#!/bin/sh
set -e
cd ~/recipes
export GIT_EDITOR=true
git rebase main || true
printf 'Bread\n\nflour: 500 g rye\nwater: 330 ml\nsalt: 2 teaspoons\n\nLet it rest for 12 hours.\nBake for 45 minutes at 220 C.\n' >bread.txt
git add bread.txt
git rebase --continue || true
printf 'Carrot soup for six\n\nwater: 2 l\ncarrots: 400 g\n\nCook for 20 minutes. Season at the end.\n' >soup.txt
git add soup.txt
git rebase --continue
