#!/bin/sh
# rpm.sh VERSION ARCHITECTURE STAGED FOLDER: packs the tree STAGED as an RPM, and prints its path. Needs rpmbuild.
set -eu
version=$1 architecture=$2 staged=$3 out=$4
case $architecture in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "${PACKING:-}" = fast ]; then payload=w1.gzdio; else payload=w8T2.xzdio; fi
root=$work/root
share=$root/usr/share

cp -a "$staged" "$root"
sh deb/pack/add-licences.sh "$share/doc/streamserve"
mkdir -p "$share/licenses/streamserve" "$share/zsh/site-functions"
mv "$share/doc/streamserve/copyright" "$share/doc/streamserve/licences" "$share/doc/streamserve/node-licences.gz" \
  "$share/doc/streamserve/bundled-licences.gz" "$share/licenses/streamserve"
mv "$share/zsh/vendor-completions/_streamserve" "$share/zsh/site-functions"
rmdir "$share/zsh/vendor-completions"
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

sed "s|@VERSION@|$version|; s|@LICENSE@|$(node dist/deb/rpm/write-licence-tag.js)|; s|@MAINTAINER@|$(cat deb/control/maintainer)|
  s|@DATE@|$(date --utc --date="@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')|" deb/rpm/streamserve.spec.in >"$work/streamserve.spec"
# Nothing is compiled, compressed or stripped here.
rpmbuild -bb --quiet --target "$machine-linux" \
  --define "staged $root" --define "_topdir $work/build" --define "_rpmdir $work" --define '_rpmfilename package.rpm' \
  --define "_tmppath $work" --define "_binary_payload $payload" --define '_buildhost localhost' \
  --define 'use_source_date_epoch_as_buildtime 1' --define 'clamp_mtime_to_source_date_epoch 1' \
  --define 'debug_package %{nil}' --define '__os_install_post %{nil}' --define '_build_id_links none' \
  "$work/streamserve.spec" >"$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }

package=$out/streamserve-$version-1.$machine.rpm
mv "$work/package.rpm" "$package.part"
mv "$package.part" "$package"
echo "$package"
