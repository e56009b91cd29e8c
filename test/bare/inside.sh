#!/bin/sh
# inside.sh SUITE [TEST ...]: runs in a minimal Debian, with the project in /srv/streamserve.
set -eu
suite=$1 took=0
shift
cd /srv/streamserve
failed=0
check() { # NAME COMMAND ...
  name=$1
  shift
  if "$@" >/root/said 2>&1; then echo "ok - $suite: $name"; else
    failed=1
    echo "not ok - $suite: $name"
    { grep '^failed: ' /root/said || tail -n 60 /root/said; } | sed 's/^/# /'
  fi
}
seconds() { date +%s; }

echo "# $suite: Node.js $(node --version), npm $(npm --version)"
hears() {
  began=$(seconds)
  # A separate process group, because not every npm forwards SIGTERM.
  setsid npm start >/root/start.log 2>&1 &
  started=$!
  until grep -q 'listening' /root/start.log; do kill -0 "$started" 2>/dev/null || { cat /root/start.log && return 1; } && sleep 0.1; done
  took=$(($(seconds) - began))
  node --input-type=module -e "
    let bytes = Buffer.alloc(0)
    for await (const chunk of (await fetch('http://localhost:8080/')).body) if ((bytes = Buffer.concat([bytes, chunk])).length > 500_000) break
    if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error('not WAV')
    process.exit()"
  heard=$?
  kill -- "-$started"
  wait "$started" || true
  return "$heard"
}
check 'npm start serves the demo' hears
echo "# $suite: it listened after $took s, packages included"
check 'a second npm start serves the demo' hears
echo "# $suite: it listened after $took s"

refuses_old_node() {
  said=$(/opt/node-18/bin/node dist/program/main.js -demo 2>&1) && return 1
  echo "$said"
  [ "$said" = "streamserve: needs Node.js 20.19 or newer, this is 18.20.8" ]
}
[ ! -e /opt/node-18 ] || check 'refuses Node.js 18 in one line' refuses_old_node

began=$(seconds)
is_green() { npm test -- "$@" && tail -n 1 /root/said | grep -qE '^[1-9][0-9]* passed, 0 failed(, [0-9]+ skipped)?$'; }
check 'npm test passes' is_green "$@"
echo "# $suite: $(tail -n 1 /root/said), after $(($(seconds) - began)) s"
grep '^skipped: ' /root/said | sed 's/^/# /' || true
[ "$failed" = 0 ]
