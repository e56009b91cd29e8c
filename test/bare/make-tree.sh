#!/bin/sh
# make-tree.sh SUITE FOLDER: installs a small Debian in a folder, with git, Node.js and npm; in bookworm also with Node.js 18,
# in /opt.
set -eu
suite=$1 tree=$2

if [ "$suite" = trixie ]; then
  exec sh test/deb/make-tree.sh "$suite" "$tree" ca-certificates git nodejs npm
fi
[ ! -e "$tree/usr/bin/npm" ] || exit 0
sh test/deb/make-tree.sh "$suite" "$tree" ca-certificates git
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
add() { # NAME@VERSION FOLDER: the package in that folder of the tree, without its dependencies
  mkdir -p "$tree/$2"
  file=$(cd "$packed" && npm pack --silent "$1")
  tar -xzf "$packed/$file" -C "$tree/$2" --strip-components=1 --no-same-owner
}
case $(dpkg --print-architecture) in amd64) cpu=x64 ;; *) cpu=arm64 ;; esac
add "node-linux-$cpu@18.20.8" opt/node-18
add "node-linux-$cpu@20.20" opt/node-20
add npm@10 usr/lib/node_modules/npm
ln -s ../../opt/node-20/bin/node "$tree/usr/bin/node"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$tree/usr/bin/npx"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$tree/usr/bin/npm"
