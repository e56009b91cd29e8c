# shellcheck shell=bash
# Helpers shared by the trial scripts: each check prints a line of TAP.

count=0

check() { # NAME COMMAND ...
  local name=$1 said
  shift
  count=$((count + 1))
  if said=$("$@" 2>&1); then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    printf '%s\n' "$said" "$(journalctl --no-pager -q -n 15 -u 'streamserve@*')" | sed 's/^/# /'
  fi
}

# Retries for a minute, or longer on a busy machine.
eventually() { # COMMAND ...
  for _ in $(seq 600); do
    "$@" && return
    sleep 0.1
  done
  return 1
}

# Checks that this number of bytes is received within 15 seconds.
hears() { # URL BYTES
  local got
  got=$(curl -skN -m 15 "$1" | head -c "$2" | wc -c)
  echo "$got bytes of $2"
  [ "$got" -eq "$2" ]
}

property() { # INSTANCE NAME
  systemctl show --property="$2" --value "streamserve@$1.service"
}

# Time in which the process was runnable, but had no core, in milliseconds.
waited_ms() { # INSTANCE
  awk '{ print int($2 / 1000000) }' "/proc/$(property "$1" MainPID)/schedstat"
}

is() { # INSTANCE STATE
  [ "$(property "$1" ActiveState)" = "$2" ]
}

has_restarted() { # INSTANCE
  [ "$(property "$1" NRestarts)" -gt 0 ] && is "$1" active
}

configure() { # INSTANCE LINE ...
  local file=/etc/streamserve/$1.conf
  shift
  printf '%s\n' "$@" >"$file"
}

# Settings of a unit that make a trial shorter, or possible.
drop_in() { # UNIT LINE ...
  local folder=/etc/systemd/system/$1.d
  shift
  mkdir -p "$folder"
  printf '%s\n' "$@" >"$folder/trial.conf"
  systemctl daemon-reload
}

# All files on the disk of this Debian, except where other programs may write at any time.
all_files() {
  local others='-path /trial -o -path /var/log -o -path /var/cache -o -path /var/lib/systemd -o -path /var/lib/dpkg -o -path /var/tmp'
  # shellcheck disable=SC2086 # a list of words
  find / -xdev \( $others \) -prune -o -print | sort
}
