#!/bin/sh
# in-podman.sh IMAGE.tar: runs the image, in namespaces that the caller has created.
set -eu
image=$1
# shellcheck source=test/packages/checks.sh
. test/packages/checks.sh
work=$(mktemp -d)
version=$(node -p 'require("./package.json").version')
mount --make-rprivate /
mount -t tmpfs tmpfs /run
umount --lazy /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
ip link set lo up
pod() { podman --root "$work/root" --runroot "$work/run" --storage-driver vfs --cgroup-manager cgroupfs "$@" </dev/null; }
trap 'pod rm --all --force --time 0 >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
run() { pod run --network host --cgroups disabled --read-only --read-only-tmpfs=false --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 "$@"; }

names_version() { skopeo inspect "$@" | grep -q "\"org.opencontainers.image.version\": \"$version\""; }
check 'image: skopeo reads it as a layout of OCI' names_version "oci-archive:$image"
check "image: skopeo reads it as an archive of Docker" names_version "docker-archive:$image"
health() { skopeo inspect --config --raw "docker-archive:$image" | node -p 'JSON.parse(require("fs").readFileSync(0)).config.Healthcheck.Test[1]'; }
check 'image: Podman loads it' pod load --quiet --input "$image"
is_small() { [ "$(pod image inspect --format '{{.Size}}' "streamserve:$version")" -lt 140000000 ]; }
check 'image: it is smaller than 140 MB' is_small

check 'image: a container starts' run --detach --name radio "streamserve:$version"
check 'image: it is heard' eventually hears http://localhost:8000/ 300000
is_user() { grep -q '^Uid:	65532	65532	65532	65532$' "/proc/$(pod inspect --format '{{.State.Pid}}' radio)/status"; }
check 'image: it does not run as root' is_user
writes_nothing() { ! pod exec radio sh -c ': >/tmp/file'; }
check 'image: it can write nothing' writes_nothing
check 'image: the health check finds it good' pod exec radio sh -c "$(health)"
is_ill() { ! pod exec --env PROBE_URL=http://localhost:8001/ radio sh -c "$(health)"; }
check 'image: the health check finds a stream that is not there bad' is_ill
check 'image: it stops within seconds' pod stop --time 8 radio
ended_well() { [ "$(pod inspect --format '{{.State.ExitCode}}' radio)" = 0 ]; }
check 'image: it ends by itself when it is stopped' ended_well

mkfifo -m 666 "$work/fifo"
chmod 755 "$work"
run --detach --name pipe --volume "$work/fifo:/srv/fifo" "streamserve:$version" -address :8002 -path /srv/fifo >/dev/null
ffmpeg -v quiet -re -f lavfi -i sine -t 20 -f wav - >"$work/fifo" &
check 'image: a FIFO of the host is heard' eventually hears http://localhost:8002/ 50000
