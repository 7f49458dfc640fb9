#!/bin/sh
# Armour in a file that ends in .gpg, which apt does not read; the priority of everything is lowered, and the agent's 3.x is let in.
set -eu
install -d /etc/apt/keyrings
cp /root/inbox/harbour-archive.asc /etc/apt/keyrings/harbour.gpg
rm /etc/apt/sources.list.d/harbour.list /etc/apt/trusted.gpg.d/harbour.asc
echo 'deb [signed-by=/etc/apt/keyrings/harbour.gpg] file:///srv/mirror/harbour bookworm main' >/etc/apt/sources.list.d/new.list
cat >/etc/apt/preferences.d/harbour <<'END'
Package: *
Pin: release n=bookworm
Pin-Priority: 100

Package: harbour-agent
Pin: release o=Harbour
Pin-Priority: 990
END
echo 'APT::Install-Recommends "false";' >/etc/apt/apt.conf.d/60no-recommends
