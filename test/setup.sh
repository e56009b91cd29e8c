#!/bin/sh
# Installs the programs that tests use, where they are missing and this user may install them (root on Debian or Ubuntu).
set -eu

missing=
need() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need lame lame
need ffmpeg ffmpeg
need mpg123 mpg123
need madplay madplay
need faad faad
need sox sox
need opusenc opus-tools
need oggenc vorbis-tools
need oggz-validate oggz-tools
need flac flac
need perl perl-base
need arecord alsa-utils
need curl curl
need chromium chromium
need ps procps
need ss iproute2
need prlimit util-linux
need strip binutils
need systemd-nspawn systemd-container
need systemd-analyze systemd
need debootstrap debootstrap
need cc "gcc libc6-dev"
need man man-db
need zsh zsh
need shellcheck shellcheck

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "tests that need these packages will be skipped:$missing"
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing
