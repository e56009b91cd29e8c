#!/bin/sh
# make-upgrade.sh STREAMSERVE.deb UPGRADED.deb: makes the same package with a later version and a different configuration file.
set -eu
package=$1 upgraded=$2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg-deb --raw-extract "$package" "$root"
sed -i 's/^Version: .*/&+later/' "$root/DEBIAN/control"
echo '# There is a new line in it.' >>"$root/etc/streamserve/main.conf"
DPKG_DEB_COMPRESSOR_TYPE=none dpkg-deb --root-owner-group --build "$root" "$upgraded" >/dev/null
