"""Turns `bazel aquery --output=jsonproto 'mnemonic("CppCompile", ...)'` into compile commands.

Usage: compile_commands.py EXECUTION_ROOT < aquery.json > compile_commands.json
"""

import json
import sys

# Options of GCC that clang's tools do not know.
_GCC_ONLY = ("-fno-canonical-system-headers",)


def entries(actions, execution_root):
    for action in actions.get("actions", []):
        arguments = [a for a in action["arguments"] if a not in _GCC_ONLY]
        source = arguments[arguments.index("-c") + 1]
        if not source.startswith(("external/", "bazel-out/")):
            yield {"directory": execution_root, "file": source, "arguments": arguments}


if __name__ == "__main__":
    commands = list(entries(json.load(sys.stdin), sys.argv[1]))
    json.dump(commands, sys.stdout, indent=1)
