#!/bin/sh
# add-licences.sh DOCUMENTS: adds what the documents of a package need outside of Debian, where the file `copyright` cannot refer
# to Debian's copies of licences: the copies themselves, and the changes.
set -eu
documents=$1
common=/usr/share/common-licenses
sed -i "s|On Debian systems the text of this licence is in $common/\(.*\)\.$|The text of this licence is in the file licences/\1 beside this one.|" \
  "$documents/copyright"
# The LGPL adds permissions to the GPL.
install -D -m 644 "$common/Apache-2.0" "$common/LGPL-3" "$common/GPL-3" -t "$documents/licences"
install -m 644 CHANGELOG.md "$documents"
