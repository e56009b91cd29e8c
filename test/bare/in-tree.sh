#!/bin/sh
# in-tree.sh TREE WORD ...: runs /root/inside.sh of the Debian in TREE, as its root user, with its own file systems. The caller
# has created mount and PID namespaces, and sets the npm registry in npm_config_registry.
set -eu
tree=$1
shift
mount --make-rprivate /
mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sysfs "$tree/sys"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts"
mount -t tmpfs tmpfs "$tree/dev/shm"
exec chroot "$tree" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  npm_config_cafile=/etc/ssl/certs/ca-certificates.crt npm_config_registry="${npm_config_registry:?}" sh /root/inside.sh "$@" </dev/null
