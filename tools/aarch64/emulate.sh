#!/usr/bin/env bash
# Usage: emulate.sh PROGRAM [ARGUMENT...]. Runs a program for aarch64 under QEMU, and anything
# else, such as a test that is a script, as it is.
set -euo pipefail

self="$(realpath "$0")"

# A death test of GoogleTest executes its own argv[0] anew, and the kernel does not know how to
# execute that program. So argv[0] is this script, which finds the program in the environment.
if [[ -z "${EMULATED_PROGRAM:-}" ]]; then
  EMULATED_PROGRAM="$1"
  shift
fi
export EMULATED_PROGRAM

is_aarch64() {
  local elf64_magic=7f454c460201 machine=b700 header
  header="$(od -An -v -tx1 -N20 "$1" | tr -d ' \n')"
  [[ "$header" == "$elf64_magic"*"$machine" ]]
}

if is_aarch64 "$EMULATED_PROGRAM"; then
  exec /usr/bin/qemu-aarch64 -L /usr/aarch64-linux-gnu -0 "$self" "$EMULATED_PROGRAM" "$@"
fi
exec "$EMULATED_PROGRAM" "$@"
