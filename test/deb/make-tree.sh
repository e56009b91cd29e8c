#!/bin/sh
# make-tree.sh SUITE FOLDER [ARCHITECTURE]: a small Debian in a folder, with systemd and what the trials use. Needs root.
set -eu
suite=$1 tree=$2 architecture=${3:-$(dpkg --print-architecture)}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

[ ! -e "$tree/made" ] || exit 0
rm -rf "$tree"
# A tree that is thrown away need not survive a power cut: half of the time goes into waiting for the disk.
mkdir -p "$tree/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io >"$tree/etc/dpkg/dpkg.cfg.d/trial"
debootstrap --arch="$architecture" --variant=minbase --include=systemd-sysv,dbus "$suite" "$tree" "$mirror"
cp /etc/resolv.conf "$tree/etc/resolv.conf"
in_tree() { chroot "$tree" env DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }
in_tree apt-get update -qq
in_tree apt-get install -y -qq --no-install-recommends curl lame alsa-utils lintian
in_tree apt-get clean
touch "$tree/made"
