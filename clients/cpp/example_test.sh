#!/usr/bin/env bash
# The example as it stands, against a real server. Usage: example_test.sh EXAMPLE SERVER
set -euo pipefail

coproc server { exec "$2" --listen=127.0.0.1:0 --admin_listen=127.0.0.1:0 --store=memory; }
trap 'kill "$server_PID"' EXIT
read -r started <&"${server[0]}"
address="$(sed -E 's/.*listening on ([^ ]+) .*/\1/' <<<"$started")"

output="$("$1" "$address")"
grep -qx 'lime: a lime' <<<"$output"
[[ "$(grep -c ' has revision ' <<<"$output")" == 3 ]]
