#!/bin/sh
# try-sums.sh FOLDER: checks the sums and the SBOM of the packages in FOLDER, and that a package is the same when it is packed again.
set -eu
folder=$1
# shellcheck source=test/packages/checks.sh
. test/packages/checks.sh

have_sums() { (cd "$folder" && sha256sum --check --strict SHA256SUMS); }
check 'sums: all files have their sums' have_sums
all_are_listed() { [ "$(find "$folder" -type f ! -name SHA256SUMS | wc -l)" = "$(wc -l <"$folder/SHA256SUMS")" ]; }
check 'sums: no file is without one' all_are_listed

version=$(node -p 'require("./package.json").version')
names_all() {
  node -e '
    const bom = JSON.parse(require("fs").readFileSync(process.argv[1]))
    const names = bom.components.map(({ name }) => name)
    const needed = [...Object.keys(require("./package.json").dependencies), "node", "hls.js"]
    const missing = needed.filter((name) => !names.includes(name))
    const refs = new Set([bom.metadata.component, ...bom.components].map((one) => one["bom-ref"]))
    const loose = bom.dependencies.filter(({ ref, dependsOn }) => ![ref, ...dependsOn].every((one) => refs.has(one)))
    if (bom.bomFormat !== "CycloneDX" || missing.length + loose.length > 0) throw new Error(JSON.stringify([missing, loose]))
  ' "$folder/streamserve-$version.cdx.json"
}
check 'sbom: it names all that is shipped' names_all

# What is in the Debian package is what all are packed from.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
architecture=$(dpkg --print-architecture)
dpkg-deb --extract "$folder"/streamserve_*_"$architecture".deb "$work/staged"
rm -r "$work/staged/usr/share/lintian" "$work/staged/usr/share/doc/streamserve/changelog.gz"
SOURCE_DATE_EPOCH=$(date --date="$(node -p 'require(process.argv[1]).metadata.timestamp' "$folder/streamserve-$version.cdx.json")" +%s)
umask 022
export SOURCE_DATE_EPOCH PACKING=fast LC_ALL=C
for format in rpm tar image; do
  is_same() {
    again=$(TMPDIR=$work sh "deb/pack/$format.sh" "$version" "$architecture" "$work/staged" "$work") &&
      cmp "$again" "$folder/${again##*/}"
  }
  check "$format: it is the same, byte for byte, when it is packed again" is_same
done
