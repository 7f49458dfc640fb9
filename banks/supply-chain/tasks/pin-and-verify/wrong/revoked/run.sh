#!/bin/sh
# Takes a revoked version, and one that was never published.
set -e
cd ~/app
ssh-keygen -q -Y verify -f ~/trusted/allowed_signers -I index@libs.example -n file -s ~/trusted/INDEX.sig <~/trusted/INDEX >/dev/null
for pin in "alder 1.12" "bramble 2.0.13" "clover 3.1"; do
  set -- $pin
  echo "$1 $2 $(sed -n "s/^$1-$2 //p" ~/trusted/INDEX)"
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
sh fetch.sh || true
