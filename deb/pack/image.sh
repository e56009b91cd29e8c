#!/bin/sh
# image.sh VERSION ARCHITECTURE STAGED FOLDER: packs the tree STAGED as a container image, an archive that `docker load` and
# `podman load` accept, and prints its path. Its base are the libraries that Node.js needs and a shell, from Debian. Node.js has
# certificates of its own.
set -eu
version=$1 architecture=$2 staged=$3 out=$4
package=$out/streamserve-$version-image-$architecture.tar
work=$(mktemp -d)
trap 'rm -rf "$work" "$package.part"' EXIT
if [ "${PACKING:-}" = fast ]; then level=-1; else level=-9; fi

base=$work/base
mkdir -m 755 "$base"
sh deb/image/add-base.sh trixie "$architecture" "$base" libc6 libgcc-s1 libstdc++6 dash
ln -sf dash "$base/usr/bin/sh"
mkdir -p "$base/etc" "$base/tmp" "$base/run" "$base/proc" "$base/sys" "$base/dev"
chmod 1777 "$base/tmp"
printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'streamserve:x:65532:65532::/var/lib/streamserve:/bin/sh' >"$base/etc/passwd"
printf '%s\n' 'root:x:0:' 'audio:x:29:' 'streamserve:x:65532:' >"$base/etc/group"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"

program=$work/program
share=$program/usr/share
cp -a "$staged" "$program"
# No service manager, no manual, no shell to complete words in.
rm -r "$program/usr/lib/systemd" "$program/usr/libexec/streamserve/with-notify" "$program/etc/logrotate.d" "$share/man" \
  "$share/bash-completion" "$share/zsh"
sh deb/pack/add-licences.sh "$share/doc/streamserve"
mkdir -p "$program/var/lib/streamserve"

image=$work/image
mkdir -p "$image/blobs/sha256"
pack() { tar --format=gnu --sort=name --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" "$@"; }
layer() { # ROOT FILE: the tree as root's, but the home of the user
  pack --create --directory="$1" --owner=0 --group=0 --exclude=./var/lib/streamserve . >"$2"
  [ ! -d "$1/var/lib/streamserve" ] ||
    pack --append --directory="$1" --owner=65532 --group=65532 --mode=700 --file="$2" ./var/lib/streamserve
}
layer "$base" "$work/base.tar"
layer "$program" "$work/program.tar"
gzip -n "$level" --keep "$work/base.tar" "$work/program.tar"
node dist/deb/image/write-image.js "$image" "$version" "$architecture" "$work/base.tar" "$work/program.tar"
pack --create --directory="$image" --owner=0 --group=0 --mode=u=rwX,go=rX --file="$package.part" \
  blobs index.json manifest.json oci-layout
mv "$package.part" "$package"
echo "$package"
