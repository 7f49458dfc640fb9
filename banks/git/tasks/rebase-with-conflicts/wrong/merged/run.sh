#!/bin/sh
# Merges main into metric: right texts, but not a straight line.
set -e
cd ~/recipes
git merge main || true
printf 'Bread\n\nflour: 500 g rye\nwater: 330 ml\nsalt: 2 teaspoons\n\nLet it rest for 12 hours.\nBake for 45 minutes at 220 C.\n' >bread.txt
printf 'Carrot soup for six\n\nwater: 2 l\ncarrots: 400 g\n\nCook for 20 minutes. Season at the end.\n' >soup.txt
git add -A
git commit -q -m "Merge main"
