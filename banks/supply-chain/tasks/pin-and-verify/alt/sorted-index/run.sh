#!/bin/sh
# The lock file made by sorting the index; the script verifies everything by one list.
set -e
cd ~/app
newest() { grep -E "$1" ~/trusted/INDEX | grep -vFf "$HOME/revoked" | sort -V | tail -n 1; }
sed 's/ /-/; s/$/ /' ~/trusted/REVOKED >~/revoked
{ newest '^alder-1\.([4-9]|[1-9][0-9]+)(\.[0-9]+)* '; newest '^bramble-2\.0\.([3-9]|[1-9][0-9]+) '; newest '^clover-3\.1 '; } | sed 's/-/ /' >vendor.lock
cat >fetch.sh <<'END'
#!/bin/sh
app=$(cd "$(dirname "$0")" && pwd) || exit 1
cd "${1:-/srv/mirror}" || exit 1
awk '{ print $3 "  " $1 "-" $2 ".tar.gz" }' "$app/vendor.lock" >/tmp/sums.$$ || exit 1
stage=/tmp/stage.$$
mkdir "$stage" || exit 1
awk '{ print $1 "-" $2 ".tar.gz" }' "$app/vendor.lock" | while read -r f; do cp -- "$f" "$stage/" || exit 1; done || exit 1
cd "$stage" && sha256sum --status -c /tmp/sums.$$ || { echo "an archive is not what is pinned" >&2; exit 1; }
while read -r name version hash; do
  rm -rf "$app/vendor/$name"; mkdir -p "$app/vendor/$name"
  tar -xzf "$name-$version.tar.gz" --strip-components=1 -C "$app/vendor/$name" || exit 1
done <"$app/vendor.lock"
END
sh fetch.sh
