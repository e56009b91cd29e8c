#!/bin/sh
# Installs missing programs that tests use, on Debian and its derivatives: at once as root, or through sudo after asking on a
# terminal. Elsewhere it prints one line: the missing programs, without which tests are skipped, and how to install them.
# Then it installs Node.js 24 for tests of what an older one lacks, where test/threads/newer-node.ts looks for it.
set -eu
cd "$(dirname "$0")/.."

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
need mpv mpv
need perl perl-base
need arecord alsa-utils
need curl curl
need chromium chromium
need firefox-esr firefox-esr
need WebKitWebDriver "webkit2gtk-driver gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav gstreamer1.0-pulseaudio"
need pulseaudio pulseaudio
need parec pulseaudio-utils
need ps procps
need ss iproute2
need ip iproute2
need prlimit util-linux
need setpriv util-linux
need unshare util-linux
need nsenter util-linux
need mount mount
need strace strace
need faketime faketime
need strip binutils
need systemd-nspawn systemd-container
need systemd-analyze systemd
need debootstrap debootstrap
need cc "gcc libc6-dev"
need man man-db
need zsh zsh
need nginx nginx-light
need haproxy haproxy
need caddy caddy
need htpasswd apache2-utils
need php php-cli
need fail2ban-regex fail2ban
need prometheus prometheus
need ezstream ezstream
need liquidsoap liquidsoap
need darkice darkice
need butt butt
need Xvfb xvfb
need mpd mpd
need gst-launch-1.0 "gstreamer1.0-tools gstreamer1.0-plugins-good"
need ices2 ices2
need icecast2 icecast2
need shout libshout-tools
need xmllint libxml2-utils
need shellcheck shellcheck
need goaccess goaccess
need logrotate logrotate
need nats-server nats-server
need rpmbuild rpm
need rpmlint rpmlint
need skopeo skopeo
need podman podman
need crun crun
/usr/bin/python3 -c 'import zeroconf' 2>/dev/null || missing="$missing python3-zeroconf"

# dpkg asks this program before it starts a service of a package, such as mpd's.
policy=/usr/sbin/policy-rc.d
forbid="[ -e $policy ] || { { echo '#!/bin/sh'; echo 'exit 101 # tests of streamserve'; } >$policy; chmod 755 $policy; }"
allow="! grep -qs 'tests of streamserve' $policy || rm $policy"
install() { # [sudo]
  "$@" apt-get update -qq || return
  # shellcheck disable=SC2086 # a list of words
  "$@" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
    -o DPkg::Pre-Invoke::="$forbid" -o DPkg::Post-Invoke::="$allow"
}

may_use_sudo() {
  [ -t 0 ] && [ -z "${CI:-}" ] && command -v sudo >/dev/null 2>&1 || return
  printf 'The tests use these packages:%s\nInstall them with sudo apt-get? [Y/n] ' "$missing"
  read -r answer || return
  case $answer in '' | [Yy]*) ;; *) return 1 ;; esac
}

install_missing() {
  if ! command -v apt-get >/dev/null 2>&1; then
    how='the packages of Debian are called so'
  elif [ "$(id -u)" = 0 ]; then
    install && return
    how='apt-get could not install them'
  else
    may_use_sudo && install sudo && return
    how='to install them: sudo sh test/setup.sh'
  fi
  echo "tests that need these packages will be skipped:$missing ($how)"
}
[ -z "$missing" ] || install_missing

# Tests run Node.js as other users too, who may not enter the home directory of root.
if [ "$(id -u)" = 0 ]; then caches=/var/cache; else caches=${HOME:-$(node -p 'os.homedir()')}/.cache; fi
cache=${XDG_CACHE_HOME:-$caches}/streamserve
has_node_24() {
  cmp -s deb/node/package-lock.json "$cache/node/package-lock.json" ||
    node -e 'process.exit(parseInt(process.versions.node) < 24)' 2>/dev/null
}
install_node_24() { # the one that the Debian package ships; npm verifies its hash
  mkdir -p "$cache" && new=$(mktemp -d "$cache/node.XXXXXX") || return
  chmod 755 "$new" && cp deb/node/package.json deb/node/package-lock.json "$new" &&
    npm ci --prefix "$new" --ignore-scripts --no-audit --no-fund --prefer-offline --silent &&
    rm -rf "$cache/node" && mv "$new" "$cache/node" && return
  rm -rf "$new"
  return 1
}
has_node_24 || install_node_24 || echo 'tests that need Node.js 24 will be skipped: npm could not install it'

# Newer servers of the hub, from the archive of Debian, whose signature apt checks: where test/hub/nats-programs.ts looks for them.
install_nats() { # SUITE
  mkdir -p "$cache/nats" && new=$(mktemp -d "$cache/nats/XXXXXX") || return
  mkdir "$new/apt" "$new/lists" "$new/cache" "$new/unpacked" &&
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" >"$new/apt/sources.list" &&
    (cd "$new" && for action in 'update -qq' 'download -qq nats-server'; do
      # shellcheck disable=SC2086 # a list of words
      apt-get -o Dir::Etc::SourceList="$new/apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::Etc::Preferences=- \
        -o Dir::Etc::PreferencesParts=- -o Dir::State::Lists="$new/lists" -o Dir::Cache="$new/cache" -o APT::Sandbox::User= \
        $action || exit
    done) &&
    dpkg-deb -x "$new"/nats-server_*.deb "$new/unpacked" &&
    "$new/unpacked/usr/sbin/nats-server" --version >/dev/null &&
    rm -rf "${cache:?}/nats/$1" && mkdir "$cache/nats/$1" &&
    mv "$new/unpacked/usr/sbin/nats-server" "$cache/nats/$1" && chmod 755 "$cache/nats/$1" && rm -rf "$new" && return
  rm -rf "$new"
  return 1
}
for suite in trixie sid; do
  [ -x "$cache/nats/$suite/nats-server" ] || install_nats "$suite" 2>/dev/null ||
    echo "tests that need nats-server of Debian $suite will be skipped: apt-get could not download it"
done
