#!/bin/bash
set -eu
cat >/opt/tools/prune-dumps <<'END'
#!/bin/sh
# prune-dumps [-n] [-k COUNT] FOLDER
# Deletes all but the newest COUNT (default: 3) dumps, *.sql.gz, in FOLDER and prints their names.
# -n: only print. Exit status: 0 done, 1 no folder or not deleted, 2 wrong call.
LC_ALL=C
export LC_ALL

usage() {
  echo "usage: prune-dumps [-n] [-k COUNT] FOLDER" >&2
  exit 2
}

count=3
dry=no
while getopts nk: option; do
  case $option in
    n) dry=yes ;;
    k) count=$OPTARG ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
case $count in '' | *[!0-9]*) usage ;; esac
[ $# -eq 1 ] || usage

folder=$1
if [ ! -d "$folder" ]; then
  echo "prune-dumps: $folder is not a folder" >&2
  exit 1
fi

total=0
for path in "$folder"/*.sql.gz; do
  if [ -f "$path" ] && [ ! -L "$path" ]; then total=$((total + 1)); fi
done

failed=0
for path in "$folder"/*.sql.gz; do
  if [ ! -f "$path" ] || [ -L "$path" ]; then continue; fi
  [ "$total" -gt "$count" ] || break
  total=$((total - 1))
  if [ $dry = yes ] || rm -f -- "$path"; then
    printf '%s\n' "${path##*/}"
  else
    failed=1
  fi
done
exit $failed
END
chmod 755 /opt/tools/prune-dumps
