#!/bin/sh
# make-tree.sh SUITE FOLDER PACKAGE ...: installs a small Debian in a folder, with these packages. Needs root. A complete tree
# is kept.
set -eu
suite=$1 tree=$2
shift 2
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

[ ! -e "$tree/made" ] || exit 0
rm -rf "$tree"
# A temporary tree need not survive a power failure; otherwise half of the time is spent on waiting for the disk.
mkdir -p "$tree/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io >"$tree/etc/dpkg/dpkg.cfg.d/trial"
debootstrap --variant=minbase "$suite" "$tree" "$mirror"
cp /etc/resolv.conf "$tree/etc/resolv.conf"
in_tree() { chroot "$tree" env -u TMPDIR DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }
in_tree apt-get update -qq
in_tree apt-get install -y -qq --no-install-recommends "$@"
in_tree apt-get clean
touch "$tree/made"
