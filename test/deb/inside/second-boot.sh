# Runs after first-boot.sh, in the same Debian, booted again: the package is removed.
# shellcheck shell=bash source=test/deb/inside/checks.sh
. /trial/checks.sh
cd /trial || exit

for instance in main cd mp3; do
  check "streamserve@$instance came up at boot" eventually is "$instance" active
done
check 'and is heard' hears http://localhost:8000/ 100000

systemctl start streamserve@later.socket
check 'the package is removed' dpkg -r streamserve
runs_nothing() { ! systemctl list-units --plain --no-legend --state=active 'streamserve@*' | grep . && ! pgrep -f streamserve/dist; }
check 'nothing of it runs' runs_nothing
check 'what was configured stays' grep -qx '# mine' /etc/streamserve/main.conf
check 'the package is purged' dpkg -P streamserve
# The trial has added its own files to /srv and /etc.
leaves_nothing() { ! all_files | comm -13 /trial/files-before - | grep -vE '^/(srv/|etc/asound.conf$)'; }
check 'nothing of it is left' leaves_nothing
names_nothing() { ! find /etc /usr /var/lib -xdev -name '*streamserve*' | grep .; }
check 'nothing bears its name' names_nothing
check 'no unit has failed by that' test -z "$(systemctl list-units --plain --no-legend --failed 'streamserve@*')"
echo "1..$count"
