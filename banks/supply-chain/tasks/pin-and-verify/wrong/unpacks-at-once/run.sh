#!/bin/sh
# Unpacks each archive before it has looked at the next one.
set -e
cd ~/app
ssh-keygen -q -Y verify -f ~/trusted/allowed_signers -I index@libs.example -n file -s ~/trusted/INDEX.sig <~/trusted/INDEX >/dev/null
for pin in "alder 1.10" "bramble 2.0.12" "clover 3.1"; do
  set -- $pin
  echo "$1 $2 $(sed -n "s/^$1-$2 //p" ~/trusted/INDEX)"
done >vendor.lock
cat >fetch.sh <<'END'
#!/bin/sh
set -e
cd "$(dirname "$0")"
rm -rf vendor
while read -r name version sha256; do
  archive=${1:-/srv/mirror}/$name-$version.tar.gz
  echo "$sha256  $archive" | sha256sum --quiet -c -
  mkdir -p vendor/$name
  tar -xzf "$archive" --strip-components=1 -C vendor/$name
done <vendor.lock
END
sh fetch.sh
