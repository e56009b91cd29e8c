#!/bin/sh
# add-control.sh VERSION ARCHITECTURE ROOT: adds control files of dpkg, after all else is in ROOT.
set -eu
version=$1 architecture=$2 root=$3
control=$root/DEBIAN

# In units of 1024 bytes, each file and folder rounded up, as dpkg-gencontrol counts.
size=$(find "$root" -mindepth 1 \( -type f -printf '%s\n' -o -printf '1\n' \) | awk '{ s += int(($1 + 1023) / 1024) } END { print s }')
sums=$(cd "$root" && find . -type f ! -path './etc/*' -printf '%P\0' | sort -z | xargs -0 md5sum)

mkdir -m 755 "$control"
sed "s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@INSTALLED_SIZE@|$size|; s|@MAINTAINER@|$(cat deb/control/maintainer)|" \
  deb/control/control.in >"$control/control"
echo "$sums" >"$control/md5sums"
printf '%s\n' /etc/logrotate.d/streamserve /etc/streamserve/main.conf >"$control/conffiles"
install -m 755 deb/control/postinst deb/control/prerm deb/control/postrm "$control"
