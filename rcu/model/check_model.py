"""Checks one model of this folder, and that its mutants fail, with spin.

Usage: check_model.py FOLDER MODEL [VARIANT]

The cases are the rows of the table in FOLDER/README.md whose first column is MODEL (and whose
second is VARIANT, if given): macros, and the first of the machines SC, TSO and WEAK on which
the assertion can be violated, or `none`. Spin searches all states: the violation must be found
on that machine. On the one before it, if that is TSO, there must be none: that is what
"harmless on x86" means. `none` is checked on TSO and WEAK.

Counts each case in the file that XML_OUTPUT_FILE names, and shows the steps to a violation
that should not be there.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

_MACHINES_WHERE_SOUND = {"SC": (), "TSO": (), "WEAK": ("TSO",), "none": ("TSO", "WEAK")}
_ROW = re.compile(r"\| (\w+) \| (?:`([^`|]*)`)? ?\| (SC|TSO|WEAK|none) \|")
_MEMORY_LIMIT_MB = 3000
# More than any program here has instructions.
_DEPTH = 1000


class Case:
    def __init__(self, model, macros, machine, sound):
        self.model = model
        self.macros = macros
        self.machine = machine
        self.sound = sound

    def __str__(self):
        outcome = "holds" if self.sound else "fails"
        return f"{self.model} {self.macros or 'as it is'} {outcome} on {self.machine}"


def cases_of(readme, model):
    for line in readme.splitlines():
        row = _ROW.match(line)
        if not row or row.group(1) != model:
            continue
        macros, first = row.group(2) or "", row.group(3)
        for machine in _MACHINES_WHERE_SOUND[first]:
            yield Case(model, macros, machine, sound=True)
        if first != "none":
            yield Case(model, macros, first, sound=False)


def _run(folder, *command):
    result = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )
    return result.stdout


def _steps(trail):
    """What each instruction of a trail did, and its place."""
    effects = []
    for line in trail.splitlines():
        match = re.search(r"proc +(\d+) \((\w+):1\) .*\(state \d+\)\s+\[(.*)\]$", line)
        if not match or match.group(3).startswith("("):
            continue
        number, process, effect = match.groups()
        place = re.fullmatch(r"done\[me\] = \(done\[me\]\|\(1<<([0-9+*()-]+)\)\)", effect)
        if place:
            yield f"{process} (proc {number}) at {eval(place.group(1))}: {'; '.join(effects)}"
            effects = []
        else:
            effects.append(effect)


def problem_of(case, source):
    """Runs one case; returns what is wrong, or None."""
    defines = [f"-D{macro}" for macro in [f"MEMORY={case.machine}", *case.macros.split()]]
    with tempfile.TemporaryDirectory() as folder:
        log = _run(folder, "spin", "-a", *defines, source)
        # A violation is found soon: then it is the compiler that takes the time.
        log += _run(
            folder, "gcc", "-O1" if case.sound else "-O0", "-w", "-DSAFETY", "-DNOREDUCE",
            f"-DMEMLIM={_MEMORY_LIMIT_MB}", "-o", "pan", "pan.c",
        )
        if not pathlib.Path(folder, "pan").exists():
            return log
        # -E: a processor that cannot go on is no error; see machine.pml.
        log = _run(folder, "./pan", "-E", f"-m{_DEPTH}", "-w20")
        violated = re.search(r"assertion violated.*errors: 1\b", log, re.DOTALL)
        complete = (
            re.search(r"errors: 0\b", log)
            and "Search not completed" not in log
            and "max search depth too small" not in log
        )
        if not case.sound:
            return None if violated else f"no violation was found\n{log}"
        if violated:
            trail = _run(folder, "spin", "-t", "-p", *defines, "-k",
                         *(str(path) for path in pathlib.Path(folder).glob("*.trail")), source)
            return "\n".join(["the assertion is violated by", *_steps(trail)])
        if not complete:
            return f"the search was not complete\n{log}"
        if re.search(r"^\t\S*:\d+, state \d+, \"assert", log, re.MULTILINE):
            return f"the assertion is never reached\n{log}"
        return None


def _untold(source, readme):
    """The macros that a model asks for and that the README does not mention."""
    asked = re.findall(r"#ifn?def (\w+)|defined\((\w+)\)", pathlib.Path(source).read_text())
    return sorted({name for names in asked for name in names if name and name not in readme})


def main(folder, model, variant=None):
    source = str(pathlib.Path(folder, f"{model}.pml").absolute())
    readme = pathlib.Path(folder, "README.md").read_text()
    if untold := _untold(source, readme):
        sys.exit(f"{model}.pml has variants that README.md does not tell of: {untold}")
    cases = [case for case in cases_of(readme, model) if variant in (None, case.macros)]
    suite = xml.etree.ElementTree.Element("testsuite", name=model, tests=str(len(cases)))
    failures = 0
    for case in cases:
        start = time.monotonic()
        problem = problem_of(case, source)
        seconds = f"{time.monotonic() - start:.1f}"
        print(f"{'FAILED' if problem else 'ok'}: {case} ({seconds} s)", flush=True)
        element = xml.etree.ElementTree.SubElement(
            suite, "testcase", classname=model, name=str(case), time=seconds)
        if problem:
            print(problem, flush=True)
            xml.etree.ElementTree.SubElement(element, "failure").text = problem
            failures += 1
    suite.set("failures", str(failures))
    if "XML_OUTPUT_FILE" in os.environ:
        xml.etree.ElementTree.ElementTree(suite).write(os.environ["XML_OUTPUT_FILE"])
    return 0 if cases and failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
