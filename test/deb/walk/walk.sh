# Helpers of a newcomer's walk. Commands are those of the documentation, character by character.
# shellcheck shell=bash source=test/deb/inside/checks.sh
. /trial/checks.sh
cd /root || exit

# The walk has the rights of root already.
sudo() { "$@"; }
export -f sudo

# Runs a command; with `retrying=eventually`, until it succeeds, for at most a minute or longer.
step() { # NAME COMMAND
  # shellcheck disable=SC2086 # nothing, or a word
  check "$1" ${retrying:-} bash -c "$2"
}

has_sound() {
  [ "$(stat -c %s sound.mp3)" -eq 80000 ] && lame --quiet --decode sound.mp3 sound.wav && [ "$(stat -c %s sound.wav)" -gt 800000 ] &&
    [ "$(tail -c 400000 sound.wav | tr -d '\0' | wc -c)" -gt 100000 ]
}
