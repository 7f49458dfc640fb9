#!/bin/sh
# What apt expects to find, beside the configuration in files/.
set -eu
mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d /var/lib/apt/lists/partial /var/cache/apt/archives/partial /var/lib/dpkg
[ -e /var/lib/dpkg/status ] || : >/var/lib/dpkg/status
[ -d /root/.gnupg ] || mkdir -m 700 /root/.gnupg
