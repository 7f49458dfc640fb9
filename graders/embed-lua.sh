#!/bin/sh
# Turns the library into C: embed-lua.sh OUT one.lua two.lua … gives an array of names and texts, in that order.
set -eu
out=$1
shift
{
	echo '/* Made from graders/lib/ by embed-lua.sh. */'
	echo 'static const struct { const char *name; const char *text; } grader_library[] = {'
	for file; do
		name=${file##*/}
		printf '{"%s",\n' "$name"
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
		echo '},'
	done
	echo '};'
} >"$out"
