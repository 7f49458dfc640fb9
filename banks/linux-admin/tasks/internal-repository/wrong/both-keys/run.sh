#!/bin/sh
# Both keys in one keyring; the old source stays beside the new one.
set -eu
install -d /etc/apt/keyrings
cat /root/inbox/*.asc | gpg --dearmor >/etc/apt/keyrings/harbour.gpg 2>/dev/null
rm /etc/apt/trusted.gpg.d/harbour.asc
cat >/etc/apt/sources.list.d/harbour.sources <<'END'
Types: deb
URIs: file:///srv/mirror/harbour
Suites: bookworm
Components: main
Signed-By: /etc/apt/keyrings/harbour.gpg
END
cat >/etc/apt/preferences.d/harbour <<'END'
Package: *
Pin: release o=Harbour
Pin-Priority: 100

Package: harbour-agent
Pin: version 2.*
Pin-Priority: 990
END
echo 'APT::Install-Recommends "false";' >/etc/apt/apt.conf.d/60no-recommends
