#!/usr/bin/env bash
# Usage: format.sh check|fix ROOT. Formats every .h and .cc under ROOT, or says which are not.
set -euo pipefail

sources() {
  find "$1" \( -name '.?*' -o -name 'bazel-*' -o -name bench-results \) -prune \
    -o -type f \( -name '*.h' -o -name '*.cc' \) -print0
}

case "$1" in
  fix)
    sources "$2" | xargs -0r clang-format-14 -i --style=file
    ;;
  check)
    wrong="$(sources "$2" | xargs -0r clang-format-14 --dry-run -Werror --style=file 2>&1 |
      sed -nE 's/^(.*:[0-9]+):[0-9]+: error:.*/\1/p' | sort -u)" || true
    if [[ -n "$wrong" ]]; then
      printf 'Not formatted; ./run format mends it:\n%s\n' "$wrong"
      exit 1
    fi
    ;;
esac
