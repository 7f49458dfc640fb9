#!/bin/sh
# The keyring made by import and export; the old source is switched off by its name; a pin by origin.
set -eu
rm /etc/apt/trusted.gpg.d/harbour.asc
mv /etc/apt/sources.list.d/harbour.list /etc/apt/sources.list.d/harbour.list.disabled
mkdir -p /etc/apt/keyrings
gpg --batch --no-default-keyring --keyring /etc/apt/keyrings/harbour.kbx --import /root/inbox/harbour-archive.asc 2>/dev/null
gpg --batch --no-default-keyring --keyring /etc/apt/keyrings/harbour.kbx --export >/etc/apt/keyrings/harbour.gpg 2>/dev/null
rm /etc/apt/keyrings/harbour.kbx*
cat >/etc/apt/sources.list.d/internal.sources <<'END'
# packages of the company
Enabled: yes
Types: deb
URIs: file:/srv/mirror/harbour
Suites: bookworm
Components: main
Signed-By:
 /etc/apt/keyrings/harbour.gpg
END
cat >/etc/apt/preferences.d/harbour <<'END'
Package: harbour-agent
Pin: version 2.*
Pin-Priority: 990

Package: *
Pin: origin ""
Pin-Priority: 100
END
echo 'APT::Install-Recommends no;' >/etc/apt/apt.conf.d/99local.conf
