# shellcheck shell=sh
# Helpers of the trials outside of a Debian: each check prints a line of TAP.

check() { # NAME COMMAND ...
  name=$1
  shift
  if said=$("$@" 2>&1); then echo "ok - $name"; else
    echo "not ok - $name"
    echo "$said" | sed 's/^/# /'
  fi
}

# Retries for a minute.
eventually() { # COMMAND ...
  for _ in $(seq 600); do
    if "$@"; then return; fi
    sleep 0.1
  done
  return 1
}

# Checks that this number of bytes of WAV is received within 15 seconds.
hears() { # URL BYTES
  heard=$(mktemp)
  curl -sN -m 15 "$1" | head -c "$2" >"$heard"
  got=$(stat -c %s "$heard")
  start=$(head -c 4 "$heard")
  rm "$heard"
  echo "$got bytes of $2, which start with $start"
  [ "$got" -eq "$2" ] && [ "$start" = RIFF ]
}
