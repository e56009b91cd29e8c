#!/bin/sh
# full.sh [SUITE ...]: builds the package and tests it in Debian trees under real systemd; `npm run test:deb`. Needs root. Trees
# are kept for later runs in DEBIAN_TREES, and a package in PACKAGES is taken, if these are set. Where this is not possible, a
# skipped test is reported.
set -eu
cd "$(dirname "$0")/../.."
suites=${*:-bookworm trixie}

missing=$(sh test/deb/missing.sh)
if [ -n "$missing" ]; then
  echo "skipped: the package in Debian ($suites) under systemd: needs $missing"
  [ -z "${CI:-}" ] || { echo 'nothing may be skipped here: test/setup.sh installs what tests need' && exit 1; }
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trees=${DEBIAN_TREES:-$work/trees}
mkdir -p "$trees"

for suite in $suites; do
  sh test/deb/make-booted-tree.sh "$suite" "$trees" >"$work/$suite.log" 2>&1 &
done
architecture=$(dpkg --print-architecture)
package=$(find "${PACKAGES:-$work}" -name "streamserve_*_$architecture.deb" 2>/dev/null || true)
[ -n "$package" ] || package=$(PACKING=fast deb/build.sh "$architecture" "$work")
sh test/deb/make-upgrade.sh "$package" "$work/upgraded.deb"
wait

try() { # SUITE
  if [ -e "$trees/$1/made" ]; then
    sh test/deb/in-debian.sh "$1" "$trees/$1" "$package" "$work/upgraded.deb" || echo "not ok - $1: the trial failed"
  else
    echo "not ok - $1: the Debian could not be installed"
    tail -n 20 "$work/$1.log" | sed 's/^/# /'
  fi
}
walk() { # SUITE
  sh test/deb/walk/run.sh "$trees/$1" "$package" || echo "not ok - $1: the walk of a newcomer failed"
}
for suite in $suites; do
  try "$suite" >"$work/$suite.results" 2>&1 &
done
# In one of them, with the commands of README.md and docs/raspberry-pi.md.
suite=${suites##* }
[ ! -e "$trees/$suite/made" ] || walk "$suite" >"$work/walk.results" 2>&1 &
wait
cat "$work"/*.results >"$work/results"
cat "$work/results"

passed=$(grep -c '^ok' "$work/results" || true)
failed=$(grep -c '^not ok' "$work/results" || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
