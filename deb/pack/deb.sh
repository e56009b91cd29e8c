#!/bin/sh
# deb.sh VERSION ARCHITECTURE STAGED FOLDER: packs the tree STAGED as a Debian package, and prints its path.
set -eu
version=$1 architecture=$2 staged=$3 out=$4
package=$out/streamserve_${version}_$architecture.deb
work=$(mktemp -d)
trap 'rm -rf "$work" "$package.part"' EXIT
if [ "${PACKING:-}" = fast ]; then export DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1; fi
root=$work/root

cp -a "$staged" "$root"
node dist/deb/write-changelog.js "$(cat deb/control/maintainer)" "$SOURCE_DATE_EPOCH" | gzip -9n >"$root/usr/share/doc/streamserve/changelog.gz"
install -D -m 644 deb/files/lintian-overrides "$root/usr/share/lintian/overrides/streamserve"
sh deb/add-control.sh "$version" "$architecture" "$root"
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
# Rename at the end, so that a package under its final name is complete.
dpkg-deb --root-owner-group --build "$root" "$package.part" >/dev/null
mv "$package.part" "$package"
echo "$package"
