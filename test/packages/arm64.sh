#!/bin/sh
# arm64.sh [FOLDER]: builds the image for arm64, in FOLDER unless it is there, and hears its program, with the libraries in the
# image, under qemu. Not part of the tests, because of its time. Needs qemu-user-static and curl.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=test/packages/checks.sh
. test/packages/checks.sh
work=$(mktemp -d)
program=
trap '[ -z "$program" ] || kill "$program" 2>/dev/null || true; rm -rf "$work"' EXIT
folder=${1:-$work}
[ -n "$(find "$folder" -name 'streamserve-*-image-arm64.tar')" ] || PACKING=fast deb/build.sh arm64 "$folder" image

root=$work/root
mkdir "$root"
tar -x -C "$work" <"$(find "$folder" -name 'streamserve-*-image-arm64.tar')"
for layer in $(node -p 'require(process.argv[1])[0].Layers.join(" ")' "$work/manifest.json"); do tar -xz -C "$root" <"$work/$layer"; done
streamserve=$(sed -n 's|^exec /usr.*\(/usr/lib/[^ ]*\).*|\1|p' "$root/usr/bin/streamserve")

qemu-aarch64-static -L "$root" "$root/usr/libexec/streamserve/node" "$root$streamserve" -demo -address 127.0.0.1:0 >"$work/log" 2>&1 &
program=$!
port() { grep -o 'http://127.0.0.1:[0-9]*' "$work/log" | head -n 1 | sed 's/.*://'; }
listens() { [ -n "$(port)" ]; }
check 'arm64: it listens' eventually listens
check 'arm64: it is heard' eventually hears "http://127.0.0.1:$(port)/" 100000
