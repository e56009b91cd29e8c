#!/bin/sh
# run.sh TREE STREAMSERVE.deb: the walk of a newcomer through README.md and docs/raspberry-pi.md, in a copy of a Debian made by
# make-tree.sh. Two things differ from the documentation: the package is a local file, as it is after a download, and the sound card
# is a file of ALSA, which plays in real time.
set -eu
tree=$1 package=$2
here=$(dirname "$0")
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

cp -a "$tree" "$copy/tree"
mkdir "$copy/trial"
node dist/test/deb/walk/write-walk.js "$copy/trial"
cp "$here/walk.sh" "$here/../inside/checks.sh" "$copy/trial"
cp "$package" "$copy/tree/root/streamserve_0_local.deb"
in_tree() { chroot "$copy/tree" env -u TMPDIR DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none "$@" </dev/null; }

# Programs that the pages install are not there before.
in_tree apt-get purge -qq --autoremove curl lame alsa-utils lintian >"$copy/purged" 2>&1 || { cat "$copy/purged" && exit 1; }
printf '127.0.0.1\tlocalhost radio.local\n' >"$copy/tree/etc/hosts"
cat >"$copy/tree/etc/asound.conf" <<'END'
pcm.!plughw {
  @args [ CARD ]
  @args.CARD { type string }
  type file  slave.pcm "nul"  file "/dev/null"  infile "/srv/microphone"  format "raw"
}
pcm.nul { type null }
END
mkfifo -m 666 "$copy/tree/srv/microphone"
cp dist/test/sound/feed-sound-card.js "$copy/tree/srv"
cat >"$copy/tree/etc/systemd/system/sound-card.service" <<'END'
[Service]
ExecStart=/bin/sh -c 'while :; do /usr/libexec/streamserve/node /srv/feed-sound-card.js /srv/microphone; done'
END
mkdir -p "$copy/tree/etc/systemd/system/multi-user.target.wants"
ln -s ../sound-card.service "$copy/tree/etc/systemd/system/multi-user.target.wants/sound-card.service"

# `apt` asks on a terminal, and has a network only here.
echo 'APT::Get::Assume-Yes "true";' >"$copy/tree/etc/apt/apt.conf.d/walk"
mkdir "$copy/tree/trial"
cp "$copy/trial"/* "$copy/tree/trial"
in_tree bash /trial/install.sh
rm -r "$copy/tree/trial"
for script in first.sh second.sh; do
  sh "$here/../boot.sh" "$copy/tree" "$copy/trial" "$script"
done
