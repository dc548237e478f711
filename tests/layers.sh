#!/usr/bin/env bash
# SPDX-License-Identifier: MulanPSL-2.0
#
# Arrows between folders point down only:
#   main -> jobs -> api -> {web, store} -> db -> base; api, store, jobs -> domain -> base/text.h
# and client/cli shares no header with the daemon. Names each #include that breaks this; fails then.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

# folder: what it may include besides itself
allowed='base:
domain: base/text.h
db: base
web: db base
store: domain db base
api: web store domain db base
jobs: api web store domain db base
main: jobs api web store domain db base'

may() { # may FOLDER HEADER
    local folder=$1 header=$2 target=${2%%/*} list
    list=$(sed -n "s/^$folder: */ /p" <<<"$allowed")
    [ "$target" = "$folder" ] || [[ "$list " == *" $target "* ]] || [[ "$list " == *" $header "* ]]
}

bad=0
seen=0
complain() {
    printf '%s\n' "$1"
    bad=1
}

while IFS=: read -r file line text; do
    header=${text#*\"}
    header=${header%%\"*}
    seen=$((seen + 1))
    case $file in
        daemon/*/*/*) complain "$file:$line: folders lie directly under daemon/" ;;
        daemon/*/*)
            folder=${file#daemon/}
            may "${folder%%/*}" "$header" || complain "$file:$line: ${folder%%/*} may not include \"$header\""
            ;;
        daemon/*)
            [[ $header != */* ]] || may main "$header" || complain "$file:$line: no such folder: \"$header\""
            ;;
        client/cli/*)
            [[ $header == cli/* ]] || complain "$file:$line: the client may not include \"$header\""
            ;;
    esac
done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' daemon client/cli --include='*.[ch]' || true)

# No header of the daemon is found by the client's compiler either.
if grep -nE '\binc\b|include_directories\(.*daemon' client/cli/meson.build 2>/dev/null; then
    complain "client/cli/meson.build: shares an include folder with the daemon"
fi
# Only db/ and the programs beside main speak libpq, only web/, db/, jobs/ and main turn the event loop.
while IFS=: read -r file line text; do
    case $text:$file in
        *libpq*:daemon/db/* | *event2*:daemon/db/* | *event2*:daemon/web/* | *event2*:daemon/jobs/*) ;;
        *:daemon/*/*) complain "$file:$line: $text does not belong here" ;;
    esac
done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<(libpq|event2)' daemon --include='*.[ch]' || true)

if [ "$seen" -eq 0 ]; then
    complain "no includes found: is this the top of the project?"
fi
[ "$bad" -eq 0 ] && printf 'layers: %d includes, all arrows point down\n' "$seen"
exit "$bad"
