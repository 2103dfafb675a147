"""The C++ in a README is taken from programs that are built and run.

Usage: readme_test.py README SOURCE...

Every ```cpp block is a run of lines of one of the sources, but for how far it is indented.
"""

import pathlib
import re
import sys

_BLOCK = re.compile(r"^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _lines(text):
    """The text without indentation, framed so that whole lines match whole lines."""
    return "\n" + "\n".join(line.strip() for line in text.splitlines()) + "\n"


def main(readme, sources):
    blocks = _BLOCK.findall(pathlib.Path(readme).read_text())
    programs = [_lines(pathlib.Path(source).read_text()) for source in sources]
    foreign = [
        block for block in blocks if not any(_lines(block) in program for program in programs)
    ]
    for block in foreign:
        print(f"in no example:\n{block}")
    print(f"{len(blocks)} blocks, {len(foreign)} of them in no example")
    return 1 if foreign or not blocks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
