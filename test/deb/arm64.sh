#!/bin/sh
# arm64.sh: builds the package for arm64, installs it in an arm64 Debian and checks its sound there, under qemu on other
# processors. Takes some minutes, so that it is not part of the tests. Needs root, debootstrap and qemu-user-static with
# binfmt_misc. The tree is kept for later runs in DEBIAN_TREES, if that is set.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=${DEBIAN_TREES:-$work}/bookworm-arm64

[ -e "$tree/made" ] || {
  debootstrap --arch=arm64 --variant=minbase --include=curl bookworm "$tree" >"$work/log" 2>&1 || { tail -n 20 "$work/log" && exit 1; }
  touch "$tree/made"
}
cp -a "$tree" "$work/tree"
package=$(DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1 deb/build.sh arm64 "$work")
cp "$package" "$work/tree/streamserve.deb"

chroot "$work/tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -eu <<'END'
began=$(date +%s%N)
dpkg -i /streamserve.deb
echo "# installed after $((($(date +%s%N) - began) / 1000000)) ms"
streamserve -version
began=$(date +%s%N)
streamserve -demo -address 127.0.0.1:8064 >/log 2>&1 &
program=$!
until grep -q listening /log; do kill -0 $program && sleep 0.05; done
echo "# listening after $((($(date +%s%N) - began) / 1000000)) ms"
heard=$(curl -sN -m 20 http://127.0.0.1:8064/ | head -c 300000 | wc -c)
kill $program
[ "$heard" = 300000 ] && echo 'ok - serves a stream'
END
