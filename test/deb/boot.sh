#!/bin/sh
# boot.sh TREE FOLDER SCRIPT: boots the Debian in TREE, with a loopback network only, runs SCRIPT of FOLDER (which is /trial
# there) and shuts down. Prints the output of SCRIPT. Needs root and systemd-nspawn.
set -eu
tree=$1 folder=$2 script=$3

cat >"$tree/etc/systemd/system/trial.service" <<END
[Unit]
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=oneshot
ExecStart=/bin/bash /trial/$script
StandardOutput=append:/trial/printed
StandardError=inherit
TimeoutStartSec=480

[Install]
WantedBy=multi-user.target
END
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
ln -sf ../trial.service "$tree/etc/systemd/system/multi-user.target.wants/trial.service"

: >"$folder/printed"
timeout --kill-after=10 540 systemd-nspawn --quiet --directory="$tree" --bind="$folder:/trial" --register=no --keep-unit \
  --private-network --console=pipe --boot </dev/null >"$folder/console" 2>&1 || cat "$folder/console"
cat "$folder/printed"
# The plan is the last line of a complete run.
tail -n 1 "$folder/printed" | grep -q '^1\.\.' || echo "not ok 0 - $script runs to its end"
