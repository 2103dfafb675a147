"""An example succeeds, and prints what the end of its source says.

Usage: example_test.py PROGRAM SOURCE
"""

import difflib
import pathlib
import subprocess
import sys

_HEADING = "\n// Prints:\n"
_INDENT = "//   "


def expected_lines(source):
    _, heading, block = source.partition(_HEADING)
    if not heading:
        raise ValueError("the source does not say what it prints")
    return [line[len(_INDENT) :] for line in block.splitlines()]


def main(program, source):
    run = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode != 0:
        print(f"{program} exits with {run.returncode}")
    expected = expected_lines(pathlib.Path(source).read_text())
    difference = list(
        difflib.unified_diff(expected, run.stdout.splitlines(), "expected", "printed", lineterm="")
    )
    print("\n".join(difference) or "prints what it says")
    return 1 if difference or run.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
