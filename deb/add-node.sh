#!/bin/sh
# add-node.sh x64|arm64 ROOT: adds the Node.js of deb/node/package-lock.json, verified by npm against its hash, and stripped.
set -eu
cpu=$1 root=$2
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT

cp deb/node/package.json deb/node/package-lock.json "$fetched"
npm ci --prefix "$fetched" --os linux --cpu "$cpu" --ignore-scripts --no-audit --no-fund --prefer-offline --silent
node=$fetched/node_modules/node-linux-$cpu

# Symbols are a seventh of its size. LLVM's strip supports every architecture; those of binutils only one each.
case $cpu in x64) triplet=x86_64-linux-gnu ;; arm64) triplet=aarch64-linux-gnu ;; esac
strip=$(command -v "$triplet-strip" || command -v llvm-strip) ||
  { echo "add-node.sh: needs $triplet-strip (binutils-$triplet)" >&2 && exit 1; }
"$strip" --strip-all --remove-section=.comment "$node/bin/node"

install -D -m 755 "$node/bin/node" -t "$root/usr/libexec/streamserve"
mkdir -p "$root/usr/share/doc/streamserve"
gzip -9n <"$node/LICENSE" >"$root/usr/share/doc/streamserve/node-licences.gz"
