#!/bin/sh
# The new address in the old line: no signature is checked, and no key is installed where it belongs.
set -eu
sed -i 's|http://packages.harbour.test/debian|file:///srv/mirror/harbour|' /etc/apt/sources.list.d/harbour.list
cp /root/inbox/harbour-archive.asc /etc/apt/trusted.gpg.d/
cat >/etc/apt/preferences.d/harbour <<'END'
Package: *
Pin: release o=Harbour
Pin-Priority: 100
END
echo 'APT::Install-Suggests "false";' >/etc/apt/apt.conf.d/60no-recommends
