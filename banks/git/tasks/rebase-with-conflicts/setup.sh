#!/bin/bash
# Two branches that changed the same lines.
set -eu
export GIT_AUTHOR_NAME="Ines Moll" GIT_AUTHOR_EMAIL=ines@recipes.example GIT_COMMITTER_NAME="Ines Moll" GIT_COMMITTER_EMAIL=ines@recipes.example
clock=1773300000
commit() {
  clock=$((clock + 1800))
  git add -A
  GIT_AUTHOR_DATE="$clock +0100" GIT_COMMITTER_DATE="$clock +0100" git commit -q -m "$1"
}
git init -q -b main /home/candidate/recipes
cd /home/candidate/recipes
git config user.name "Ines Moll"
git config user.email ines@recipes.example
printf 'Bread\n\nflour: 18 oz wheat\nwater: 11 fl oz\nsalt: 2 teaspoons\n\nBake for 45 minutes at 430 F.\n' >bread.txt
printf 'Carrot soup for three\n\nwater: 34 fl oz\ncarrots: 14 oz\n\nCook for 20 minutes.\n' >soup.txt
commit "Two recipes"
git checkout -q -b metric
printf 'Bread\n\nflour: 500 g wheat\nwater: 330 ml\nsalt: 2 teaspoons\n\nBake for 45 minutes at 220 C.\n' >bread.txt
commit "Metric amounts for bread"
printf 'Carrot soup for three\n\nwater: 1 l\ncarrots: 400 g\n\nCook for 20 minutes.\n' >soup.txt
commit "Metric amounts for soup"
printf 'All amounts are metric: g, ml and l, temperatures in C.\n' >UNITS
commit "Say which units are used"
git checkout -q main
printf 'Bread\n\nflour: 18 oz rye\nwater: 11 fl oz\nsalt: 2 teaspoons\n\nLet it rest for 12 hours.\nBake for 45 minutes at 430 F.\n' >bread.txt
commit "Rye bread, and let it rest"
printf 'Carrot soup for six\n\nwater: 68 fl oz\ncarrots: 14 oz\n\nCook for 20 minutes. Season at the end.\n' >soup.txt
commit "Soup for six"
git tag -a -m "The state of main at hand-out" handed-out
git checkout -q metric
chown -R candidate: /home/candidate/recipes
