"""The mutants of rcu/, and the tests that catch them: the table in docs/MEMORY_MODEL.md.

Usage: mutants.py check WORKSPACE_FOLDER
       mutants.py run WORKSPACE_FOLDER [PATTERN...]

A row of the table is

    | `kName` | what is taken away | caught by |

where "caught by" is one or more of these, separated by "; ":

    `//rcu:x_test Filter`       a test, of which only what fits the filter is run
    TSan `//rcu:x_test Filter`  the same, built with ThreadSanitizer
    aarch64 `//rcu:x_test`      the same, compiled for aarch64
    model `memb PARITY`         a row of rcu/model/README.md: spin finds the violation
    argued: ...                 no machine that we have shows it; why it is needed
    redundant: ...              nothing breaks: what else does the same

`check` finds names that rcu/mutant.h and the table do not share, mutants that rcu/ does not
use, and tests and models that are not there. `run` builds each mutant whose name fits one
of the patterns (all, without any), and runs what should catch it until something does. It
ends with 1 if a mutant survives that the table says is caught.
"""

import dataclasses
import fnmatch
import pathlib
import re
import subprocess
import sys
import time

_HEADING = "## Mutants"
_ROW = re.compile(r"\| `(k\w+)` \| (.+) \| (.+) \|")
_CATCHER = re.compile(r"(?:(TSan|aarch64|model) )?`([^`]+)`|(argued|redundant): (.+)")
_NAME = re.compile(r"^  (k\w+),$", re.MULTILINE)
_USE = re.compile(r"Mutant::(k\w+)")

# A mutant may make a test hang: that is caught too.
_TEST_TIMEOUT_S = 150
# What rests on two threads meeting within nanoseconds may miss once, and on a machine that
# does other things as well, where they seldom run at the same time, many times.
_MORE_RUNS = (10, 100)
_TESTS_FAILED = 3  # bazel's exit code


@dataclasses.dataclass(frozen=True)
class Catcher:
    kind: str  # "", "TSan", "aarch64", "model", "argued" or "redundant"
    what: str

    def __str__(self):
        return f"{self.kind} {self.what}".strip()

    @property
    def expected(self):
        return self.kind not in ("argued", "redundant")


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    catchers: tuple


def table(documentation):
    """The mutants of the table, in its order."""
    mutants = []
    for line in documentation.partition(_HEADING)[2].splitlines():
        if line.startswith("## "):
            break
        if row := _ROW.fullmatch(line):
            catchers = []
            for cell in row[3].split("; "):
                match = _CATCHER.fullmatch(cell)
                if not match:
                    raise ValueError(f"{row[1]}: cannot read \"{cell}\"")
                catchers.append(Catcher(match[1] or match[3] or "", match[2] or match[4]))
            mutants.append(Mutant(row[1], tuple(catchers)))
    return mutants


def names_of_header(header):
    return [name for name in _NAME.findall(header) if name != "kNone"]


def _targets(root):
    for build in (root / "rcu").rglob("BUILD"):
        package = build.parent.relative_to(root)
        text = build.read_text()
        for name in re.findall(r"name = \"(\w+)\"", text):
            yield f"//{package}:{name}"
        # Generated names: the stem of each.
        for suffix in re.findall(r"name = flavor \+ \"(\w+)\"", text):
            for flavor in re.findall(r"^    \"(\w+)\": \"", text, re.MULTILINE):
                yield f"//{package}:{flavor}{suffix}"


def problems(root):
    mutants = table((root / "docs" / "MEMORY_MODEL.md").read_text())
    listed = [mutant.name for mutant in mutants]
    named = names_of_header((root / "rcu" / "mutant.h").read_text())
    if listed != named:
        for name in sorted(set(listed) ^ set(named)):
            where = "docs/MEMORY_MODEL.md" if name in named else "rcu/mutant.h"
            yield f"{name} is not in {where}"
        if sorted(listed) == sorted(named):
            yield "the order of rcu/mutant.h is not that of docs/MEMORY_MODEL.md"
    sources = [
        path.read_text()
        for pattern in ("*.h", "*.cc")
        for path in (root / "rcu").glob(pattern)
        if path.name != "mutant.h"
    ]
    used = {name for source in sources for name in _USE.findall(source)}
    for name in sorted(set(named) ^ used):
        yield f"{name} is {'not used in rcu/' if name in named else 'not in rcu/mutant.h'}"
    targets = set(_targets(root))
    models = (root / "rcu" / "model" / "README.md").read_text()
    for mutant in mutants:
        for catcher in mutant.catchers:
            label = catcher.what.split()[0]
            if catcher.kind == "model":
                model, _, variant = catcher.what.partition(" ")
                if f"| {model} | `{variant}` |" not in models:
                    yield f"{mutant.name}: no model \"{catcher.what}\""
            elif catcher.expected and label not in targets:
                yield f"{mutant.name}: no test {label}"


def _command(root, mutant, catcher):
    if catcher.kind == "model":
        model, _, variant = catcher.what.partition(" ")
        return [sys.executable, "rcu/model/check_model.py", "rcu/model", model, variant]
    label, *filters = catcher.what.split()
    config = {"TSan": ["--config=tsan"], "aarch64": ["--config=aarch64"]}.get(catcher.kind, [])
    suffix = {"TSan": "-tsan", "aarch64": "-aarch64"}.get(catcher.kind, "")
    return [
        "bazel", "test", *config,
        # Output of its own, and bazel-bin stays what it is.
        f"--platform_suffix={suffix}-mutant", "--symlink_prefix=/",
        f"--per_file_copt=//rcu[:/].*@-DRCU_MUTANT={mutant.name}",
        f"--test_timeout={_TEST_TIMEOUT_S}", "--test_output=summary", "--noshow_progress",
        *(f"--test_filter={name}" for name in filters), label,
    ]


def _is_caught(root, mutant, catcher, *flags):
    """Whether it is; None where it does not build."""
    result = subprocess.run(
        [*_command(root, mutant, catcher), *flags], cwd=root, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False)
    if catcher.kind == "model":
        # A model's test passes when its mutant fails.
        return result.returncode == 0
    if result.returncode in (0, _TESTS_FAILED):
        return result.returncode == _TESTS_FAILED
    print(result.stdout)
    return None


def run(root, patterns):
    code = 0
    for mutant in table((root / "docs" / "MEMORY_MODEL.md").read_text()):
        if not any(fnmatch.fnmatch(mutant.name, pattern) for pattern in patterns or ["*"]):
            continue
        start = time.monotonic()
        outcome = None
        for catcher in mutant.catchers:
            if not catcher.expected:
                outcome = f"not shown: {catcher}"
                break
            caught = _is_caught(root, mutant, catcher)
            for runs in _MORE_RUNS if catcher.kind in ("", "TSan") else ():
                if caught is False:
                    caught = _is_caught(root, mutant, catcher, f"--runs_per_test={runs}")
            if caught is None:
                outcome, code = "DOES NOT BUILD", 1
                break
            if caught:
                outcome = f"caught by {catcher}"
                break
        if outcome is None:
            outcome, code = "SURVIVED", 1
        print(f"{mutant.name:28} {outcome} ({time.monotonic() - start:.0f} s)", flush=True)
    return code


def main(command, root, *patterns):
    root = pathlib.Path(root).absolute()
    if command == "run":
        return run(root, patterns)
    found = list(problems(root))
    print("\n".join(found) or "every mutant is in the table, and used; every test is there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
