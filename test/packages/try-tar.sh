#!/bin/sh
# try-tar.sh FOLDER: unpacks the archive in FOLDER where there is nothing but a shell and the libraries of an older Debian, as an
# ordinary user, and runs it.
set -eu
folder=$1
# shellcheck source=test/packages/checks.sh
. test/packages/checks.sh
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
program=
trap '[ -z "$program" ] || kill "$program" 2>/dev/null || true; rm -rf "$work"' EXIT
chmod 755 "$work"
root=$work/root
archive=$(echo "$folder"/streamserve-*-linux-*.tar.xz)

# glibc 2.31, while its archive is there, or 2.36.
for suite in bullseye bookworm; do
  if sh deb/image/add-base.sh "$suite" "$architecture" "$root" libc6 libgcc-s1 libstdc++6 dash 2>"$work/log"; then break; fi
  rm -rf "$root"
done
[ -e "$root/bin/dash" ] || { cat "$work/log" && exit 1; }
ln -sf dash "$root/bin/sh"
mkdir -p "$root/dev" "$root/srv/a folder"
mknod -m 666 "$root/dev/null" c 1 3
chown 65534:65534 "$root/srv/a folder"

setpriv --reuid=65534 --regid=65534 --clear-groups tar -xJ -C "$root/srv/a folder" <"$archive"
path=$(cd "$root" && echo srv/*/streamserve-*/bin/streamserve)
in_root() { chroot --userspec=65534:65534 "$root" "$@"; }
version=$(node -p 'require("./package.json").version')

runs() { [ "$("$@" -version)" = "streamserve $version" ]; }
check "tar: it runs where there is nothing but libraries, of $suite" runs in_root "/$path"
ln -s "$root/$path" "$work/a link"
check 'tar: a link to the command runs' runs "$work/a link"
runs_here() { (cd "${1%/*}" && runs sh streamserve); }
check 'tar: the command runs in its folder' runs_here "$root/$path"
PATH=${root}/${path%/*}:$PATH
check 'tar: the command runs from PATH' runs streamserve
check 'tar: its example of a configuration has no errors' \
  in_root "/$path" -check -config "/${path%/bin/streamserve}/share/doc/streamserve/examples/main.conf"

# Not by the function, whose process would be another one.
chroot --userspec=65534:65534 "$root" "/$path" -demo -address 127.0.0.1:0 >"$work/log" 2>&1 &
program=$!
port() { grep -o 'http://127.0.0.1:[0-9]*' "$work/log" | head -n 1 | sed 's/.*://'; }
listens() { [ -n "$(port)" ]; }
check 'tar: it listens' eventually listens
check 'tar: it is heard' hears "http://127.0.0.1:$(port)/" 300000
check 'tar: its probe finds its stream good' in_root "/$path" -probe "http://127.0.0.1:$(port)/" -for 1s
kill "$program"
wait "$program" && status=0 || status=$?
check 'tar: it ends when it is stopped' test "$status" = 0
program=

reads() { man -l "$root/${path%/bin/streamserve}/share/man/man1/streamserve.1.gz" | grep -q streamserve; }
check 'tar: it has a manual' reads
says_what_to_do() { grep -q "streamserve-$version-linux-.*/bin/streamserve -demo" "$root/${path%/bin/streamserve}/README"; }
check 'tar: its README names the first command' says_what_to_do
