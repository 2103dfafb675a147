"""Compares what a server gives back with the Debian package index that was loaded into it.

Usage: rcukv scan --json | read_back_check.py INDEX_FILE

Reads entries as rcukv prints them, a JSON object a line, and compares each value with the
stanza of its package, byte for byte. Shares no code with rcukv. Exits with 0 when exactly the
packages of the index came back, each once and unchanged, and with 1, naming some that did not,
otherwise.
"""

import base64
import json
import re
import sys

_MOST_NAMED = 5


def stanzas(index):
    """Maps the packages of an index, as bytes, to their stanzas; the last of a name counts."""
    entries = {}
    for stanza in re.split(rb"\n{2,}", index.strip(b"\n")):
        name = re.search(rb"^Package:[ \t]*(.*?)[ \t]*$", stanza, re.MULTILINE | re.IGNORECASE)
        if name:
            entries[name.group(1)] = stanza.rstrip(b"\n") + b"\n"
    return entries


def _bytes_of(entry, field):
    encoded = entry.get(field + "_base64")
    return base64.b64decode(encoded) if encoded is not None else entry.get(field, "").encode()


def problems(expected, lines):
    """Yields a sentence for each entry of `lines` that is not as expected, or missing there."""
    missing = set(expected)
    for line in lines:
        entry = json.loads(line)
        key = _bytes_of(entry, "key")
        name = key.decode(errors="backslashreplace")
        if key not in expected:
            yield f"{name} was never loaded"
        elif key not in missing:
            yield f"{name} came back twice"
        elif _bytes_of(entry, "value") != expected[key]:
            yield f"{name} came back changed"
        missing.discard(key)
    for key in sorted(missing):
        yield f"{key.decode(errors='backslashreplace')} did not come back"


def main(index_path, lines):
    with open(index_path, "rb") as file:
        expected = stanzas(file.read())
    found = list(problems(expected, lines))
    for problem in found[:_MOST_NAMED]:
        print(problem)
    if found or not expected:
        print(f"{len(found):,} problems with the {len(expected):,} entries of the index")
        return 1
    total = sum(map(len, expected.values()))
    print(f"{len(expected):,} of {len(expected):,} entries read back, byte for byte ({total:,} bytes)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdin.buffer))
