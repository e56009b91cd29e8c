#!/bin/sh
# build.sh [amd64|arm64] [FOLDER]: builds the Debian package from compiled files, in FOLDER or in deb/out, and prints its path.
# Prints its steps to standard error. The build is reproducible: the same commit gives the same bytes everywhere. dpkg-deb
# obeys DPKG_DEB_COMPRESSOR_TYPE and _LEVEL.
set -eu
umask 022
export LC_ALL=C
cd "$(dirname "$0")/.."

architecture=${1:-$(dpkg --print-architecture)}
out=${2:-deb/out}
case $architecture in
  amd64) cpu=x64 ;;
  arm64) cpu=arm64 ;;
  *) echo "build.sh: no Node.js is shipped for $architecture: amd64 or arm64" >&2 && exit 2 ;;
esac
# The time of the commit is used as the build time.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
version=$(node -p 'require("./package.json").version')

package=$out/streamserve_${version}_$architecture.deb
work=$(mktemp -d)
trap 'rm -rf "$work" "$package.part"' EXIT
step() { echo "$(basename "$package"): $*" >&2; }
root=$work/root
mkdir -m 755 "$root"

step 'copying the program and the packages it needs'
sh deb/add-program.sh "$root"
step "fetching Node.js for $cpu from the npm registry, 120 MB, and stripping it"
sh deb/add-node.sh "$cpu" "$root"
step 'writing manual, completions and copyrights'
sh deb/add-documents.sh "$root"
sh deb/add-control.sh "$version" "$architecture" "$root"

find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$out"
step 'compressing, which may take minutes'
# Rename at the end, so that a package under its final name is complete.
dpkg-deb --root-owner-group --build "$root" "$package.part" >/dev/null
mv "$package.part" "$package"
echo "$package"
