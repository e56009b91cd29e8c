#!/bin/sh
# build.sh [amd64|arm64] [FOLDER] [FORMAT ...]: builds packages from compiled files, in FOLDER or in deb/out, and prints their
# paths. FORMAT is deb (the default), rpm, tar or image: each is packed from the same tree by pack/FORMAT.sh. Prints its steps to
# standard error. The build is reproducible: the same commit gives the same bytes everywhere. With PACKING=fast, packages are
# large and made quickly. dpkg-deb obeys DPKG_DEB_COMPRESSOR_TYPE and _LEVEL.
set -eu
umask 022
export LC_ALL=C
cd "$(dirname "$0")/.."

architecture=${1:-$(dpkg --print-architecture)}
out=${2:-deb/out}
shift "$(($# < 2 ? $# : 2))"
case $architecture in
  amd64) cpu=x64 ;;
  arm64) cpu=arm64 ;;
  *) echo "build.sh: no Node.js is shipped for $architecture: amd64 or arm64" >&2 && exit 2 ;;
esac
formats=${*:-deb}
for format in $formats; do
  [ -e "deb/pack/$format.sh" ] || { echo "build.sh: there is no format $format: deb, rpm, tar or image" >&2 && exit 2; }
done
# The time of the commit is used as the build time.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
version=$(node -p 'require("./package.json").version')

staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT
chmod 755 "$staged"
step() { echo "streamserve_${version}_$architecture: $*" >&2; }

step 'copying the program and the packages it needs'
sh deb/add-program.sh "$staged"
step "fetching Node.js for $cpu from the npm registry, 120 MB, and stripping it"
sh deb/add-node.sh "$cpu" "$staged"
step 'writing manual, completions and copyrights'
sh deb/add-documents.sh "$staged"

mkdir -p "$out"
for format in $formats; do
  step "packing as $format, which may take minutes"
  sh "deb/pack/$format.sh" "$version" "$architecture" "$staged" "$out"
done
