# Runs in a freshly booted Debian: the package is installed, used, upgraded.
# shellcheck shell=bash source=test/deb/inside/checks.sh
. /trial/checks.sh
cd /trial || exit

all_files >/trial/files-before
installs() { dpkg -i streamserve.deb >/trial/installed 2>&1 || { cat /trial/installed && return 1; }; }
check 'dpkg installs the package' installs
check 'the package names the command that starts it' grep -q 'systemctl enable --now streamserve@main' /trial/installed
check 'the installation starts nothing' is main inactive

# Units.
units=/usr/lib/systemd/system
has_no_fault() { local said; said=$(systemd-analyze verify --man=no "$@" 2>&1); echo "$said"; [ -z "$said" ]; }
check 'systemd accepts the units' has_no_fault streamserve@main.service streamserve@main.socket
check 'systemd rates the service as safe' systemd-analyze security --offline=yes --threshold=20 --no-pager $units/streamserve@.service
exposure=$(systemd-analyze security --offline=yes --no-pager $units/streamserve@.service | grep -o 'level .*: [0-9.]*' | grep -o '[0-9.]*$')

# Default configuration.
check 'the service starts, and notifies systemd that it is ready' systemctl start streamserve@main
waited=$(waited_ms main)
check 'the service sends the melody at port 8000' hears http://localhost:8000/ 300000
main_pid() { property main MainPID; }
is_in_audio() { grep -qE "^Groups:.*\b$(getent group audio | cut -d: -f3)\b" "/proc/$(main_pid)/status"; }
runs_as_nobody_else() { [ "$(stat -c %u "/proc/$(main_pid)")" -ge 61184 ] && is_in_audio; }
check 'the service runs as a user of its own, in the group audio' runs_as_nobody_else
became_ready_ms() { echo $((($(property main ActiveEnterTimestampMonotonic) - $(property main ExecMainStartTimestampMonotonic)) / 1000)); }
is_ready_soon() { [ $(($(became_ready_ms) - waited)) -lt 1000 ]; }
check 'the service is ready within a second' is_ready_soon
sleep 2
# How much of the file of Node.js is in memory is up to the kernel, which reads it ahead; the rest is the program's.
memory_kb() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$(main_pid)/smaps_rollup"; }
is_small() { [ "$(memory_kb Pss_Anon)" -lt 45000 ] && [ "$(memory_kb Pss)" -lt 100000 ]; }
check 'the service takes less than 45 MB, and 100 MB with the files, after the listener has left' eventually is_small
echo "# exposure $exposure, ready after $(became_ready_ms) ms ($waited of them without a core), $(memory_kb Pss_Anon) kB of memory, $(memory_kb Pss) with files (PSS)"

# State reported to systemd.
written_bytes() { grep '^write_bytes' "/proc/$(main_pid)/io"; }
written=$(written_bytes)
touch /trial/now
curl -sN -m 60 -o /trial/kept http://localhost:8000/ &
listener=$!
tells() { [[ $(property main StatusText) == *$1* ]]; }
check 'the status of the unit has the listeners and the state of the source' eventually tells '1 listener, source open'
# The journal is written by systemd.
has_changed_nothing() { ! find / -xdev \( -path /trial -o -path /var/log/journal \) -prune -o -newer /trial/now -print | grep .; }
check 'nothing on the disk changes while the service runs' has_changed_nothing
check 'the system counts no write of the service' test "$(written_bytes)" = "$written"

# Reload.
before=$(main_pid)
sed -i 's/^# name .*/name Another name/' /etc/streamserve/main.conf
check 'systemctl reload succeeds' systemctl reload streamserve@main
names_itself() { curl -sI -m 5 http://localhost:8000/ | grep -qi "^icy-name: $1"; }
check 'the new name applies after the reload' eventually names_itself 'Another name'
goes_on() { local size; size=$(stat -c %s /trial/kept); sleep 1; [ "$(stat -c %s /trial/kept)" -gt "$size" ]; }
check 'the listener stays connected at the reload' goes_on
check 'the reload keeps the process' test "$(main_pid)" = "$before"
echo 'nonsense 1' >>/etc/streamserve/main.conf
refuses() { ! systemctl reload streamserve@main; }
check 'the reload fails for a wrong file' refuses
names_line() { journalctl -q -u streamserve@main | grep -q 'main.conf:[0-9]*: .*nonsense'; }
check 'the journal names the file and the line' eventually names_line
check 'the listener stays connected at the failed reload' goes_on
sed -i '/nonsense/d; s/^demo/exec cat \/dev\/zero/; s/^# warm/warm/' /etc/streamserve/main.conf
systemctl reload streamserve@main
is_gone() { ! kill -0 "$listener" 2>/dev/null; }
check 'a changed stream disconnects the listener' eventually is_gone
check 'the changed stream is served' hears http://localhost:8000/ 100000
check 'the changed stream is served by the same process' test "$(main_pid)" = "$before"
sed -i 's/^exec .*/demo/' /etc/streamserve/main.conf
systemctl reload streamserve@main

# Port 80.
configure web demo 'address :80'
systemctl start streamserve@web
check 'the dynamic user listens at port 80' hears http://localhost/ 100000
check 'the dynamic user has no other right' grep -qx 'CapEff:	0000000000000400' "/proc/$(property web MainPID)/status"

# State that survives a restart.
configure secret demo 'address :8014' tls
systemctl start streamserve@secret
kept=/var/lib/streamserve/secret/tls.pem
is_private() { [ "$(stat -Lc %a "$kept")" = 600 ]; }
check 'a certificate is made, and only its user can read the key' is_private
before=$(md5sum $kept)
systemctl restart streamserve@secret
check 'the certificate is kept over a restart' test "$(md5sum $kept)" = "$before"
check 'the certificate works for HTTPS' hears https://localhost:8014/ 100000

# Failures.
cat >/srv/stuck.mjs <<'END'
export const createFilter = () => ({ contentType: 'text/plain', skippedBytes: 0, push() { for (;;); }, end() {} })
END
configure stuck 'address :8011' 'exec yes' 'frame-filter /srv/stuck.mjs'
drop_in streamserve@stuck.service '[Service]' WatchdogSec=2
systemctl start streamserve@stuck
curl -sN -m 1 http://localhost:8011/ >/dev/null
check 'the watchdog restarts a service whose event loop is blocked' eventually has_restarted stuck
by_watchdog() { journalctl -q -u streamserve@stuck | grep -qi watchdog; }
check 'the journal names the watchdog' by_watchdog
systemctl stop streamserve@stuck
configure frozen demo 'address :8010'
drop_in streamserve@frozen.service '[Service]' WatchdogSec=2
systemctl start streamserve@frozen
kill -STOP "$(property frozen MainPID)"
check 'the watchdog restarts a stopped process' eventually has_restarted frozen
check 'the restarted service is served again' hears http://localhost:8010/ 100000
systemctl stop streamserve@frozen
kill -SEGV "$(property web MainPID)"
check 'the service restarts after a crash' eventually has_restarted web
check 'the service is served' hears http://localhost/ 100000
configure wrong 'adress :8012'
does_not_start() { ! systemctl start streamserve@wrong; }
check 'the service does not start with a wrong file' does_not_start
sleep 3
check 'the service with a wrong file is not tried again' test "$(property wrong NRestarts)" = 0
configure taken demo 'address :8000'
systemctl start --no-block streamserve@taken
gave_up() { is taken failed && [ "$(property taken Result)" != success ] && [ "$(property taken NRestarts)" -le 5 ]; }
check 'a service that fails repeatedly is not tried more than five times' eventually gave_up
systemctl stop streamserve@taken

# Socket activation.
configure later demo 'address :1'
drop_in streamserve@later.socket '[Socket]' ListenStream= ListenStream=8013
systemctl start streamserve@later.socket
check 'a socket waits without a process' is later inactive
check 'the first connection starts the service, and is served' hears http://localhost:8013/ 100000
check 'the service of a socket is active' eventually is later active

# A station in one instance: sound card, encoder and files.
mkfifo -m 666 /srv/microphone
/usr/libexec/streamserve/node /trial/feed-sound-card.js /srv/microphone &
cat >/etc/asound.conf <<'END'
pcm.!default { type file  slave.pcm "nul"  file "/dev/null"  infile "/srv/microphone"  format "raw" }
pcm.nul { type null }
END
examples=/usr/share/doc/streamserve/examples
cp $examples/station.conf /etc/streamserve
mkdir /srv/music
check 'the example of a station starts' systemctl enable --now streamserve@station streamserve@main
decodes() { curl -sN -m 8 http://localhost:8001/mp3 >/trial/chain.mp3; lame --quiet --decode /trial/chain.mp3 /trial/chain.wav && [ "$(stat -c %s /trial/chain.wav)" -gt 500000 ]; }
check 'the sound card is served as MP3' decodes
check 'the sound card is served as samples' hears 'http://localhost:8001/cd?raw' 100000
cp /trial/chain.wav /srv/music
check 'a folder is served once it has a file' eventually hears http://localhost:8001/radio 100000

# Upgrade.
echo '# mine' >>/etc/streamserve/main.conf
before=$(main_pid)
check 'another version is installed as an upgrade' dpkg --force-confdef -i upgraded.deb </dev/null
check 'the upgrade restarts a running service' eventually is main active
check 'the upgraded service is a new process' test "$(main_pid)" != "$before"
check 'the upgraded service is served' hears http://localhost:8000/ 100000
check 'the upgrade keeps the edited file' grep -qx '# mine' /etc/streamserve/main.conf
check 'the upgrade does not start a stopped service' is stuck inactive
echo "1..$count"
