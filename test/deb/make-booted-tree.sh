#!/bin/sh
# make-booted-tree.sh SUITE FOLDER: installs the Debian in FOLDER/SUITE in which packages are tried under systemd.
exec sh "$(dirname "$0")/make-tree.sh" "$1" "$2/$1" systemd-sysv dbus curl lame alsa-utils lintian rpm
