#!/bin/sh
# try-image.sh FOLDER: loads the image in FOLDER with Podman, and runs it: in namespaces of its own, for the port, and because Podman
# cannot use the cgroups of every machine.
set -eu
exec unshare --mount --net --pid --fork --kill-child --mount-proc sh test/packages/in-podman.sh "$1"/streamserve-*-image-*.tar
