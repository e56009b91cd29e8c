#!/bin/sh
# add-documents.sh ROOT: adds manual, completions, copyrights, examples.
set -eu
root=$1
share=$root/usr/share
doc=$share/doc/streamserve

mkdir -p "$doc" "$share/man/man1"
documents=$(mktemp -d)
trap 'rm -rf "$documents"' EXIT
node dist/src/config/documents/write.js "$documents"
gzip -9n <"$documents/streamserve.1" >"$share/man/man1/streamserve.1.gz"
install -D -m 644 "$documents/streamserve.bash" "$share/bash-completion/completions/streamserve"
install -D -m 644 "$documents/_streamserve" -t "$share/zsh/vendor-completions"
node dist/deb/write-copyright.js >"$doc/copyright"
gzip -9n <dist/program/LICENSES.txt >"$doc/bundled-licences.gz"
install -D -m 644 deb/files/examples/* -t "$doc/examples"
