#!/usr/bin/env bash
# Usage: build_files_check.sh ROOT. A C++ target whose rule is not from //tools:cc.bzl would be
# built without the project's warnings, and nobody would notice.
set -euo pipefail

status=0
while IFS= read -r -d '' file; do
  if grep -qE '^ *cc_(library|binary|test)\(' "$file" && ! grep -q '"//tools:cc.bzl"' "$file"; then
    echo "${file#"$1"/}: load the cc rules from //tools:cc.bzl"
    status=1
  fi
done < <(find "$1" \( -name '.?*' -o -name 'bazel-*' -o -name third_party \) -prune \
  -o -type f -name BUILD -print0)
exit "$status"
