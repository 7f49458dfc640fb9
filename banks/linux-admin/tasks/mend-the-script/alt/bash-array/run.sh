#!/bin/bash
# bash with an array; changes the folder, with care.
set -eu
cat >/opt/tools/prune-dumps <<'END'
#!/usr/bin/env bash
shopt -s nullglob
LC_ALL=C
die() { echo "$2" >&2; exit "$1"; }
count=3 dry=
while getopts :nk: o; do
  case $o in
    n) dry=1 ;;
    k) [[ $OPTARG =~ ^[0-9]+$ ]] || die 2 'COUNT is not a number'; count=$((10#$OPTARG)) ;;
    *) die 2 'unknown option' ;;
  esac
done
shift $((OPTIND - 1))
(($# == 1)) || die 2 'one folder, please'
cd -- "$1" 2>/dev/null || die 1 "no such folder: $1"
dumps=()
for f in *.sql.gz; do [[ -f $f && ! -L $f ]] && dumps+=("$f"); done
n=$((${#dumps[@]} - count))
((n > 0)) || exit 0
status=0
for f in "${dumps[@]:0:n}"; do
  [[ $dry ]] || rm -f -- "$f" || { status=1; continue; }
  echo "$f"
done
exit $status
END
chmod 0750 /opt/tools/prune-dumps
