"""Checks that the memory ordering of rcu/ is spelled out and documented.

Usage: atomics_check.py WORKSPACE_FOLDER

Every operation on an atomic in rcu/*.h and rcu/*.cc names its memory order, and the ordering
labels, such as [R1], in comments there are the same set as in docs/MEMORY_MODEL.md.
"""

import pathlib
import re
import sys

_OPERATION = re.compile(
    r"(?:\.|->)\s*(load|store|exchange|fetch_\w+|compare_exchange_(?:weak|strong)|test_and_set)"
    r"\s*\("
)
# A function that takes its order from the caller passes the parameter on as `order`.
_ORDER = re.compile(r"\bmemory_order|\b\w*order\b")
_LABEL = re.compile(r"\[([A-Z]{1,2}[0-9]{1,2})\]")
_COMMENT_OR_LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|(?<!\w)'(?:\\.|[^'\\\n])*'", re.DOTALL
)


def _blank(match):
    """Spaces of the same shape, so that line numbers stay."""
    return re.sub(r"[^\n]", " ", match.group())


def _arguments(text, start):
    depth = 1
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end]
    return text[start:]


def operations_without_order(source):
    """Yields (line, operation) for each atomic operation that leaves its order to default."""
    code = _COMMENT_OR_LITERAL.sub(_blank, source)
    for match in _OPERATION.finditer(code):
        if not _ORDER.search(_arguments(code, match.end())):
            yield code.count("\n", 0, match.start()) + 1, match.group(1)


def labels_in_comments(source):
    comments = (match.group() for match in _COMMENT_OR_LITERAL.finditer(source))
    return {
        label
        for comment in comments
        if comment.startswith("/")
        for label in _LABEL.findall(comment)
    }


def problems(root):
    documentation = root / "docs" / "MEMORY_MODEL.md"
    documented = set()
    if documentation.exists():
        documented = set(_LABEL.findall(documentation.read_text()))
    used = {}
    for path in sorted((root / "rcu").glob("*.h")) + sorted((root / "rcu").glob("*.cc")):
        source = path.read_text()
        name = path.relative_to(root)
        for line, operation in operations_without_order(source):
            yield f"{name}:{line}: {operation} names no memory order"
        for label in labels_in_comments(source):
            used.setdefault(label, name)
    for label in sorted(used.keys() - documented):
        yield f"{used[label]}: [{label}] is not explained in docs/MEMORY_MODEL.md"
    for label in sorted(documented - used.keys()):
        yield f"docs/MEMORY_MODEL.md: [{label}] is nowhere in rcu/"


def main(root):
    found = list(problems(pathlib.Path(root)))
    print("\n".join(found) or "every atomic names its order, every label has its partner")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
