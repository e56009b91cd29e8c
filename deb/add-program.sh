#!/bin/sh
# add-program.sh ROOT: adds our code, the packages it needs, the command, the units and the configuration.
set -eu
root=$1
library=$root/usr/lib/streamserve

mkdir -p "$library"
node dist/deb/write-manifest.js >"$library/package.json"
find dist/program dist/pages -type f ! -name LICENSES.txt -exec install -D -m 644 {} "$library/{}" \;
# Remove the #! line: the command selects the Node.
sed -i '1{/^#!/d}' "$library/dist/program/main.js"
# Packages are independent of the architecture, hence in share; Node finds them through a link beside our code.
node dist/deb/copy-packages.js "$root/usr/share/streamserve"
ln -s ../../share/streamserve/node_modules "$library/node_modules"
find "$root/usr/share/streamserve" -type f -exec chmod 644 {} +

install -D -m 755 deb/files/streamserve -t "$root/usr/bin"
install -D -m 755 deb/files/with-notify -t "$root/usr/libexec/streamserve"
install -D -m 644 deb/files/streamserve@.service deb/files/streamserve@.socket -t "$root/usr/lib/systemd/system"
install -D -m 644 deb/files/main.conf -t "$root/etc/streamserve"
install -D -m 644 deb/files/logrotate "$root/etc/logrotate.d/streamserve"
