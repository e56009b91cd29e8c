#!/bin/sh
# tar.sh VERSION ARCHITECTURE STAGED FOLDER: packs the tree STAGED as an archive for any Linux with glibc, which runs wherever it
# is unpacked, and prints its path.
set -eu
version=$1 architecture=$2 staged=$3 out=$4
case $architecture in amd64) cpu=x64 ;; *) cpu=$architecture ;; esac
name=streamserve-$version-linux-$cpu
package=$out/$name.tar.xz
work=$(mktemp -d)
trap 'rm -rf "$work" "$package.part"' EXIT
# Blocks of a fixed size for two threads: the bytes do not depend on the number of cores.
if [ "${PACKING:-}" = fast ]; then level=-0; else level=-8; fi
root=$work/$name
doc=$root/share/doc/streamserve

cp -a "$staged/usr" "$root"
sh deb/pack/add-licences.sh "$doc"
# The command finds its files relative to itself.
# shellcheck disable=SC2016 # an expression of the command
sed -e '1r deb/tar/prefix' -e 's|/usr/\(lib[^ ]*\)|"$prefix/\1"|g' "$staged/usr/bin/streamserve" >"$root/bin/streamserve"
# Units and configurations of a whole system are examples here.
rm -r "$root/lib/systemd"
install -m 644 "$staged/etc/streamserve/main.conf" deb/tar/systemd-user.service -t "$doc/examples"
install -m 644 LICENSE "$root"
sed "s|@NAME@|$name|g" deb/tar/README >"$root/README"

tar --create --directory="$work" --format=gnu --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" "$name" |
  xz --threads=2 --block-size=32MiB "$level" >"$package.part"
mv "$package.part" "$package"
echo "$package"
