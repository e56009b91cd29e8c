#!/bin/sh
# add-base.sh SUITE ARCHITECTURE ROOT PACKAGE ...: unpacks packages of Debian in ROOT, without those that they depend on and without
# their documents; licences stay. apt verifies the signatures of the archive. Needs no root.
set -eu
suite=$1 architecture=$2 root=$3
shift 3
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT
mkdir "$apt/lists" "$apt/cache" "$apt/packages" "$apt/none"
touch "$apt/status"
for pocket in "$mirror $suite" "$mirror-security $suite-security"; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $pocket main"
done >"$apt/sources.list"
in_apt() {
  apt-get -qq -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o APT::Sandbox::User= \
    -o Acquire::Languages=none -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts="$apt/none" \
    -o Dir::Etc::Preferences="$apt/none/preferences" -o Dir::Etc::PreferencesParts="$apt/none" -o Dir::State::Lists="$apt/lists" -o Dir::State::Status="$apt/status" -o Dir::Cache="$apt/cache" "$@"
}
in_apt update
(cd "$apt/packages" && in_apt download "$@")

# Programs and libraries are in /usr only, as in Debian.
mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64" "$root/var/lib/dpkg/status.d"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
for package in "$apt/packages"/*.deb; do
  # Old ones have files in the places of the links.
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory="$root" --keep-directory-symlink
  # Scanners look there.
  dpkg-deb --field "$package" >"$root/var/lib/dpkg/status.d/$(dpkg-deb --field "$package" Package)"
done
cd "$root"
find usr/share/doc -type f ! -name copyright -delete
rm -rf usr/share/lintian usr/share/locale usr/share/man usr/share/bug usr/share/debianutils usr/share/menu usr/lib/*/gconv
find usr/share -type d -empty -delete
