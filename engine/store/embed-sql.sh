#!/bin/sh
# Turns migrations into C: embed-sql.sh OUT 001.sql 002.sql … gives an array of strings, in that order.
set -eu
out=$1
shift
{
	echo '/* Made from store/sql/ by embed-sql.sh. */'
	echo 'static const char *const migrations[] = {'
	for file; do
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
		echo ','
	done
	echo '};'
} >"$out"
