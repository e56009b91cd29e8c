# Runs after first-boot.sh, in the same Debian, booted again: the package is removed.
# shellcheck shell=bash source=test/deb/inside/checks.sh
. /trial/checks.sh
cd /trial || exit

for instance in main station; do
  check "streamserve@$instance starts at boot" eventually is "$instance" active
done
check 'the service is served after the boot' hears http://localhost:8000/ 100000

systemctl start streamserve@later.socket
check 'dpkg removes the package' dpkg -r streamserve
runs_nothing() { ! systemctl list-units --plain --no-legend --state=active 'streamserve@*' | grep . && ! pgrep -f streamserve/dist; }
check 'no process of the package runs after the removal' runs_nothing
check 'the removal keeps the configuration' grep -qx '# mine' /etc/streamserve/main.conf
check 'dpkg purges the package' dpkg -P streamserve
# The trial has added its own files to /srv and /etc.
leaves_nothing() { ! all_files | comm -13 /trial/files-before - | grep -vE '^/(srv/|etc/asound.conf$)'; }
check 'the purge leaves no files' leaves_nothing
names_nothing() { ! find /etc /usr /var/lib -xdev -name '*streamserve*' | grep .; }
check 'the purge leaves nothing with the name of the package' names_nothing
check 'no unit has failed after the purge' test -z "$(systemctl list-units --plain --no-legend --failed 'streamserve@*')"
echo "1..$count"
