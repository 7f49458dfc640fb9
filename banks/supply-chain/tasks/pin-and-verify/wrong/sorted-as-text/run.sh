#!/bin/sh
# Sorts versions as text, takes what the mirror has, and hashes what the mirror gives.
set -e
cd ~/app
for pin in "alder 1.9" "bramble 2.0.9" "clover 3.1"; do
  set -- $pin
  echo "$1 $2 $(sha256sum </srv/mirror/$1-$2.tar.gz | cut -d' ' -f1)"
done >vendor.lock
cat >fetch.sh <<'END'
#!/bin/sh
# Takes what vendor.lock pins from a mirror; all of it, verified, or nothing.
set -eu
cd "$(dirname "$0")"
mirror=${1:-/srv/mirror}
new=$(mktemp -d ./.vendor.XXXXXX)
trap 'rm -rf "$new"' EXIT
while read -r name version sha256; do
  cp "$mirror/$name-$version.tar.gz" "$new/"
  echo "$sha256  $new/$name-$version.tar.gz" | sha256sum --quiet --strict -c -
done <vendor.lock
mkdir "$new/tree"
while read -r name version sha256; do
  mkdir "$new/tree/$name"
  tar -xzf "$new/$name-$version.tar.gz" --strip-components=1 -C "$new/tree/$name"
done <vendor.lock
mkdir -p vendor
for tree in "$new"/tree/*; do
  rm -rf "vendor/$(basename "$tree")"
  mv "$tree" vendor/
done
END
sh fetch.sh
