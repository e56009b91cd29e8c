#!/bin/sh
# in-debian.sh SUITE TREE STREAMSERVE.deb UPGRADED.deb: tests the package in a copy of a Debian made by make-tree.sh.
set -eu
suite=$1 tree=$2 package=$3 upgraded=$4
here=$(dirname "$0")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

mkdir "$copy/trial"
cp -a "$tree" "$copy/tree"
cp "$here"/inside/*.sh dist/test/sound/feed-sound-card.js "$copy/trial"
cp "$package" "$copy/trial/streamserve.deb"
cp "$upgraded" "$copy/trial/upgraded.deb"

cp "$package" "$copy/tree/root/streamserve.deb"
said=$(chroot "$copy/tree" lintian --allow-root --tag-display-limit 0 -L '>=pedantic' /root/streamserve.deb 2>&1) || true
rm "$copy/tree/root/streamserve.deb"
if [ -z "$said" ]; then echo "ok - $suite: lintian finds nothing"; else
  echo "not ok - $suite: lintian finds nothing"
  echo "$said" | sed 's/^/# /'
fi

for script in first-boot.sh second-boot.sh; do
  sh "$here/boot.sh" "$copy/tree" "$copy/trial" "$script"
done | sed "s/^\(not \)\?ok [0-9]* - /&$suite: /"
