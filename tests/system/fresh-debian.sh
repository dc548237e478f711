#!/usr/bin/env bash
# SPDX-License-Identifier: MulanPSL-2.0
#
# The README's two commands on a minimal Debian 12 that holds nothing else.
#   fresh-debian.sh FOLDER      makes FOLDER with debootstrap when it is empty, and leaves it there
# MIRROR= names another mirror than apt's. Needs root, debootstrap and about 3 GB.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=${1:?usage: fresh-debian.sh FOLDER}
# shellcheck disable=SC2016
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -1)}
marks=()

timed() { # timed WHAT COMMAND...
    local what=$1 start=$SECONDS status=0
    shift
    "$@" || status=$?
    marks+=("$(printf '%-20s %5d s, exit %d' "$what" $((SECONDS - start)) "$status")")
    return "$status"
}

inside() { chroot "$folder" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"; }

# Ends what was started inside the folder, and only that.
leave() {
    printf '%s\n' "${marks[@]}"
    inside /root/ogid/dev stop --data /root/ogid/.dev >/dev/null 2>&1 || true
    umount "$folder/proc" "$folder/dev/shm" "$folder/dev/pts" "$folder/dev" 2>/dev/null || true
}

if [ ! -x "$folder/usr/bin/env" ]; then
    timed "debootstrap" debootstrap --variant=minbase bookworm "$folder" "$mirror"
fi
trap leave EXIT
mount -t proc proc "$folder/proc"
mount -t tmpfs -o mode=755,size=1m tmpfs "$folder/dev"
for name in null zero full random urandom tty; do
    touch "$folder/dev/$name"
    cp -a --remove-destination "/dev/$name" "$folder/dev/$name"
done
mkdir "$folder/dev/shm" "$folder/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$folder/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$folder/dev/pts"
ln -sf pts/ptmx "$folder/dev/ptmx"
ln -sf /proc/self/fd "$folder/dev/fd"
# what apt needs on the way to its mirror, and no service that starts by itself
for name in /etc/resolv.conf /etc/hosts /etc/apt/apt.conf.d/*proxy* /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$name" ] || install -D -m 644 "$name" "$folder$name"
done
printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
chmod +x "$folder/usr/sbin/policy-rc.d"

rm -rf "$folder/root/ogid"
mkdir -p "$folder/root/ogid"
tar -C "$top" --exclude=.git --exclude=.dev --exclude=.test --exclude=.check --exclude=.bench --exclude=node_modules -cf - . \
    | tar -C "$folder/root/ogid" -xf -

timed "./dev run, first" inside /bin/bash -c 'cd /root/ogid && ./dev run --detach'
timed "./dev run, second" inside /bin/bash -c 'cd /root/ogid && ./dev run --detach'
inside /bin/bash -c 'cd /root/ogid && ./dev stop'
timed "./dev test" inside /bin/bash -c 'cd /root/ogid && ./dev test'
