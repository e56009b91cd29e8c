#!/bin/sh
# full.sh: builds all packages and tries those that Debian cannot install: an RPM under systemd, the archive where there is nothing
# but libraries, the image in Podman; `npm run test:packages`. Needs root. Packages are taken from the folder PACKAGES, or built
# there, if that is set; trees are kept in DEBIAN_TREES. Where this is not possible, a skipped test is reported.
set -eu
cd "$(dirname "$0")/../.."

missing=$(sh test/packages/missing.sh)
if [ -n "$missing" ]; then
  echo "skipped: .rpm, .tar.xz and image: needs $missing"
  [ -z "${CI:-}" ] || { echo 'nothing may be skipped here: test/setup.sh installs what tests need' && exit 1; }
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages=${PACKAGES:-$work/packages}
trees=${DEBIAN_TREES:-$work/trees}
mkdir -p "$packages" "$trees"

sh test/deb/make-booted-tree.sh bookworm "$trees" >"$work/bookworm.log" 2>&1 &
began=$(date +%s)
sh test/packages/build.sh "$packages" >"$work/build.log"
echo "# built after $(($(date +%s) - began)) s"
wait

try() { # SCRIPT WORD ...
  sh "test/packages/try-$1.sh" "$packages" "$@" 2>&1 || echo "not ok - $1: the trial failed"
}
try rpm "$trees/bookworm" "$work/bookworm.log" >"$work/rpm.results" &
{
  try sums
  try tar
  try image
} >"$work/others.results"
wait
cat "$work"/*.results >"$work/results"
cat "$work/results"

passed=$(grep -c '^ok' "$work/results" || true)
failed=$(grep -c '^not ok' "$work/results" || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
