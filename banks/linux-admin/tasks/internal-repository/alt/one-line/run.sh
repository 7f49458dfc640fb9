#!/bin/sh
# The one-line format, in the old file; the key with its armour; pins by address and by label.
set -eu
mkdir -p /etc/apt/keyrings
cp /root/inbox/harbour-archive.asc /etc/apt/keyrings/harbour-packages.asc
rm /etc/apt/trusted.gpg.d/harbour.asc
cat >/etc/apt/sources.list.d/harbour.list <<'END'
# deb http://packages.harbour.test/debian bookworm main
deb [ signed-by=/etc/apt/keyrings/harbour-packages.asc arch=amd64,arm64 ] file:/srv/mirror/harbour/ bookworm main # internal
END
cat >/etc/apt/preferences.d/10-agent.pref <<'END'
Explanation: not yet 3
Package: harbour-agent
Pin: version 2.*
Pin-Priority: 990
END
cat >/etc/apt/preferences <<'END'
Package: *
Pin: release l=Harbour Packages, n=bookworm
Pin-Priority: 100
END
echo 'APT { Install-Recommends "0"; };' >/etc/apt/apt.conf.d/norecommends
