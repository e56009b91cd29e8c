#!/bin/sh
# build.sh FOLDER: builds the packages for this machine in FOLDER, as fast as possible, unless they are there.
set -eu
folder=$1
[ -e "$folder/SHA256SUMS" ] || PACKING=fast deb/packages.sh "$folder" "$(dpkg --print-architecture)"
