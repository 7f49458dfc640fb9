#!/bin/bash
# Careful about errors, careless about names: blanks, dashes, and folders called like dumps.
set -eu
cat >/opt/tools/prune-dumps <<'END'
#!/bin/bash
export LC_ALL=C
count=3 dry=no
while getopts nk: option; do
  case $option in
    n) dry=yes ;;
    k) count=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[[ $count =~ ^[0-9]+$ ]] && [ $# -eq 1 ] || { echo usage >&2; exit 2; }
[ -d "$1" ] || { echo "no folder" >&2; exit 1; }
failed=0
for name in $(cd $1 && ls -d *.sql.gz 2>/dev/null | head -n -$count); do
  echo $name
  [ $dry = yes ] || rm -r $1/$name || failed=1
done
exit $failed
END
chmod 755 /opt/tools/prune-dumps
