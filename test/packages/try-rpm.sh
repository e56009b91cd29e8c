#!/bin/sh
# try-rpm.sh FOLDER TREE LOG: lints the RPM in FOLDER, and installs, upgrades and erases it in a copy of the Debian in TREE, under
# systemd. LOG is that of the making of TREE.
set -eu
folder=$1 tree=$3 log=$4
# shellcheck source=test/packages/checks.sh
. test/packages/checks.sh
[ -e "$tree/made" ] || { tail -n 20 "$log" && exit 1; }
package=$(echo "$folder"/streamserve-*.rpm)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

finds_nothing() { rpmlint --config deb/rpm/rpmlint.toml "$package" && ! rpmlint --config deb/rpm/rpmlint.toml "$package" | grep '[EW]: '; }
check 'rpm: rpmlint finds nothing' finds_nothing
requires_libraries() { rpm -qp --requires "$package" | grep -q '^libstdc++.so.6(GLIBCXX_' && rpm -qp --requires "$package" | grep -qx 'perl(Socket)'; }
check 'rpm: it requires the libraries of Node.js and the modules of Perl' requires_libraries

# The same with a later version and a different configuration file.
architecture=$(dpkg --print-architecture)
dpkg-deb --extract "$folder"/streamserve_*_"$architecture".deb "$work/staged"
rm -r "$work/staged/usr/share/lintian" "$work/staged/usr/share/doc/streamserve/changelog.gz"
echo '# There is a new line in it.' >>"$work/staged/etc/streamserve/main.conf"
mkdir "$work/trial"
upgraded=$(SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) PACKING=fast sh deb/pack/rpm.sh 99.0.0 "$architecture" "$work/staged" "$work/trial")
mv "$upgraded" "$work/trial/upgraded.rpm"
cp "$package" "$work/trial/streamserve.rpm"
cp test/deb/inside/checks.sh test/packages/inside/rpm.sh "$work/trial"
cp -a "$tree" "$work/tree"
sh test/deb/boot.sh "$work/tree" "$work/trial" rpm.sh | sed 's/^\(\(not \)\?ok\) [0-9]* - /\1 - rpm: /; /^1\.\./d'
