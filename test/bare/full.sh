#!/bin/sh
# full.sh [SUITE ...]: the two commands of README.md in a minimal Debian: `npm start` must be heard, `npm test` must pass.
# trixie has its own Node.js and npm; bookworm has Node.js 20.20 and npm 10 from the npm registry, in the paths of third-party
# packages. Tests the last commit. Needs root, debootstrap, git, npm, the network, and port 8080. TESTS are the test files to
# run; default: all. Trees are kept for later runs in DEBIAN_TREES, if that is set.
set -eu
cd "$(dirname "$0")/../.."
suites=${*:-bookworm trixie}

[ "$(id -u)" = 0 ] || { echo 'full.sh: needs root' >&2 && exit 2; }
for program in debootstrap git npm unshare; do
  command -v "$program" >/dev/null || { echo "full.sh: needs $program" >&2 && exit 2; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trees=${DEBIAN_TREES:-$work/trees}
mkdir -p "$trees"

npm_config_registry=$(npm config get registry)
export npm_config_registry
failed=0
for suite in $suites; do
  sh test/bare/make-tree.sh "$suite" "$trees/bare-$suite" >"$work/$suite.log" 2>&1 || { tail -n 20 "$work/$suite.log" && exit 1; }
  cp -a "$trees/bare-$suite" "$work/tree"
  git clone --quiet --no-hardlinks . "$work/tree/srv/streamserve"
  cp test/bare/inside.sh "$work/tree/root"
  printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >"$work/tree/etc/hosts"
  # A network may use certificates of its own.
  cp /etc/ssl/certs/ca-certificates.crt "$work/tree/etc/ssl/certs"
  # shellcheck disable=SC2086 # a list of words
  unshare --mount --pid --fork --kill-child sh test/bare/in-tree.sh "$work/tree" "$suite" ${TESTS:-} || failed=1
  rm -rf "$work/tree"
done
exit "$failed"
