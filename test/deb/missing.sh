#!/bin/sh
# missing.sh: prints what full.sh needs and this machine lacks; nothing when all is there.
set -eu
missing=
[ "$(id -u)" = 0 ] || missing=' root,'
for program in debootstrap systemd-nspawn dpkg-deb strip perl; do
  command -v "$program" >/dev/null 2>&1 || missing="$missing $program,"
done
missing=${missing# }
echo "${missing%,}"
