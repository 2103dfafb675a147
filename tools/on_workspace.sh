#!/usr/bin/env bash
# Usage: on_workspace.sh WORKSPACE_FILE COMMAND [ARGUMENT...]. Runs a check on the source tree,
# not on declared inputs, so that it sees files that no BUILD file knows of yet.
set -euo pipefail

root="$(dirname "$(realpath "$1")")"
shift
exec "$@" "$root"
