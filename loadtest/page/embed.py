"""Writes the C++ source that holds some files, and their hashes.

Usage: embed.py FUNCTION=FILE... >OUTPUT

FUNCTION is one of assets.h. A file that cannot stand inside an element of HTML, or in the
string literal, is refused: its hash would be of other text than what the browser sees.
"""

import base64
import hashlib
import re
import sys

_HEAD = """\
#include "loadtest/page/assets.h"

namespace rcukv::loadtest {
"""

_FUNCTION = """
Asset %(function)s() {
  static constexpr char kText[] = R"embedded(%(text)s)embedded";
  return {{kText, sizeof(kText) - 1}, "%(hash)s"};
}
"""

_TAIL = """
}  // namespace rcukv::loadtest
"""

# The end of the element, what changes its rules, what HTML or C++ would read as other text.
_UNFIT = re.compile(rb'</(script|style)|<!--|\r|\0|\)embedded"', re.IGNORECASE)


def source_of(function, content):
    """The function as C++; ValueError: the content cannot be embedded."""
    unfit = _UNFIT.search(content)
    if unfit:
        raise ValueError(f"{function}: cannot be embedded, as it holds {unfit.group()!r}")
    digest = hashlib.sha256(content).digest()
    return _FUNCTION % {
        "function": function,
        "text": content.decode("utf-8"),
        "hash": "sha256-" + base64.b64encode(digest).decode("ascii"),
    }


def main(arguments):
    output = _HEAD
    for argument in arguments:
        function, path = argument.split("=", 1)
        with open(path, "rb") as file:
            output += source_of(function, file.read())
    sys.stdout.buffer.write((output + _TAIL).encode("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
