#!/bin/sh
# packages.sh [FOLDER] [ARCHITECTURE ...]: builds all packages from compiled files, for amd64 and arm64 or for those, in FOLDER or
# in deb/out, with a list of what is in them (SBOM, CycloneDX) and the SHA-256 sums of all. Prints the paths of the packages.
set -eu
umask 022
cd "$(dirname "$0")/.."
out=${1:-deb/out}
shift "$(($# < 1 ? $# : 1))"
architectures=${*:-amd64 arm64}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
version=$(node -p 'require("./package.json").version')

mkdir -p "$out"
sbom=streamserve-$version.cdx.json
node dist/deb/write-sbom.js >"$out/$sbom"
for architecture in $architectures; do
  deb/build.sh "$architecture" "$out" deb rpm tar image
done >"$out/.built"
cat "$out/.built"
built=$(sed 's|.*/||' "$out/.built")
rm "$out/.built"
# shellcheck disable=SC2086 # a list of names
(cd "$out" && sha256sum $built "$sbom" >SHA256SUMS)
