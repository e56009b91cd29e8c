#!/bin/sh
# missing.sh: prints what full.sh needs and this machine lacks; nothing when all is there.
set -eu
missing=$(sh test/deb/missing.sh)
for program in curl unshare rpmbuild rpmlint skopeo podman crun; do
  command -v "$program" >/dev/null 2>&1 || missing="${missing:+$missing, }$program"
done
echo "$missing"
