#!/bin/sh
# full.sh [SUITE ...]: builds the package and tries it in Debian trees under real systemd; `npm run test:deb`. Needs root.
# Trees are kept in DEBIAN_TREES, if that is set, for the next time.
set -eu
cd "$(dirname "$0")/../.."
suites=${*:-bookworm trixie}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trees=${DEBIAN_TREES:-$work/trees}
mkdir -p "$trees"

for suite in $suites; do
  sh test/deb/make-tree.sh "$suite" "$trees/$suite" >"$work/$suite.log" 2>&1 &
done
export DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1
package=$(deb/build.sh "$(dpkg --print-architecture)" "$work")
sh test/deb/make-upgrade.sh "$package" "$work/upgraded.deb"
wait

for suite in $suites; do
  if [ -e "$trees/$suite/made" ]; then
    sh test/deb/in-debian.sh "$suite" "$trees/$suite" "$package" "$work/upgraded.deb"
  else
    echo "not ok - $suite: no tree could be made"
    tail -n 20 "$work/$suite.log" | sed 's/^/# /'
  fi
done | tee "$work/results"

passed=$(grep -c '^ok' "$work/results" || true)
failed=$(grep -c '^not ok' "$work/results" || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
