# Runs in a freshly booted Debian: the RPM is installed, used, upgraded, erased. What it requires has other names in Debian.
# shellcheck shell=bash source=test/deb/inside/checks.sh
. /trial/checks.sh
cd /trial || exit

rpm() { command rpm --nodeps --force-debian "$@"; }
# Folders that other distributions have, and the database, which is in root's home in Debian.
mkdir -p /usr/share/licenses /usr/share/zsh/site-functions
all_but_database() { all_files | grep -v '^/root/.rpmdb'; }
all_but_database >/trial/files-before
installs() { rpm -i streamserve.rpm >/trial/installed 2>&1 || { cat /trial/installed && return 1; }; }
check 'rpm installs the package' installs
check 'the package names the command that starts it' grep -q 'systemctl enable --now streamserve@main' /trial/installed
check 'the installation starts nothing' is main inactive
is_complete() { rpm -V streamserve; }
check 'the installed files are those of the package' is_complete
has_no_fault() { local said; said=$(systemd-analyze verify --man=no "$@" 2>&1); echo "$said"; [ -z "$said" ]; }
check 'systemd accepts the units' has_no_fault streamserve@main.service streamserve@main.socket

check 'the service starts, and notifies systemd that it is ready' systemctl enable --now streamserve@main
check 'the service sends the melody at port 8000' hears http://localhost:8000/ 300000
main_pid() { property main MainPID; }
runs_as_nobody_else() { [ "$(stat -c %u "/proc/$(main_pid)")" -ge 61184 ]; }
check 'the service runs as a user of its own' runs_as_nobody_else
for unit in service timer; do cp "/usr/share/doc/streamserve/examples/systemd-probe.$unit" "/etc/systemd/system/streamserve-probe.$unit"; done
systemctl daemon-reload
check 'the example of a probe finds the service good' systemctl start streamserve-probe
rm /etc/systemd/system/streamserve-probe.*
systemctl daemon-reload
check 'systemctl reload succeeds' systemctl reload streamserve@main

echo '# mine' >>/etc/streamserve/main.conf
before=$(main_pid)
check 'another version is installed as an upgrade' rpm -U upgraded.rpm
restarted() { is main active && [ "$(main_pid)" != "$before" ]; }
check 'the upgrade restarts a running service' eventually restarted
check 'the upgraded service is served' hears http://localhost:8000/ 100000
check 'the upgrade keeps the edited file' grep -qx '# mine' /etc/streamserve/main.conf
check 'the new file is beside it' grep -q 'a new line' /etc/streamserve/main.conf.rpmnew
rm /etc/streamserve/main.conf.rpmnew

check 'rpm erases the package' rpm -e streamserve
runs_nothing() { ! systemctl list-units --plain --no-legend --state=active 'streamserve@*' | grep . && ! pgrep -f libexec/streamserve; }
check 'no process of the package runs then' runs_nothing
check 'the edited file is kept' grep -qx '# mine' /etc/streamserve/main.conf.rpmsave
leaves_nothing() { ! all_but_database | comm -13 /trial/files-before - | grep -vE '^/(etc/streamserve(/main.conf.rpmsave)?|var/lib/(private/)?streamserve.*)$'; }
check 'no other file is left, but the state of the service' leaves_nothing
check 'no unit has failed' test -z "$(systemctl list-units --plain --no-legend --failed 'streamserve@*')"
echo "1..$count"
