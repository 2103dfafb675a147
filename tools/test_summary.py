"""Sums the test cases of one or more `bazel test` runs into `N passed, N failed`.

Usage: test_summary.py FOLDER

FOLDER holds, for each run, NAME.json (its --build_event_json_file) and NAME.code (the exit
code of bazel). Cases are read from the test.xml files that the events name, so results of
earlier runs that lie about are not counted. A target that failed without a failing case, be
it that it did not build, crashed or timed out, counts as one failure. The exit code is 0 only
if something ran and nothing failed.
"""

import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree

# Bazel's exit codes that need no failure to explain them: success, no tests found.
_HARMLESS_EXIT_CODES = (0, 4)


class Totals:
    def __init__(self, passed=0, failed=0):
        self.passed = passed
        self.failed = failed

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        return self

    def __repr__(self):
        return f"{self.passed} passed, {self.failed} failed"


def count_cases(path):
    """Counts the cases of one test.xml; a skipped or disabled case is neither."""
    totals = Totals()
    try:
        cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
    except (OSError, xml.etree.ElementTree.ParseError):
        return totals
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            totals.failed += 1
        elif case.get("status") == "notrun" or case.get("result") in ("skipped", "suppressed"):
            continue
        elif case.find("skipped") is None:
            totals.passed += 1
    return totals


def _xml_path(result):
    for output in result.get("testActionOutput", []):
        if output["name"] == "test.xml":
            return urllib.parse.unquote(urllib.parse.urlparse(output["uri"]).path)
    return None


def _count_result(result):
    path = _xml_path(result)
    totals = count_cases(path) if path else Totals()
    if result["status"] != "PASSED" and totals.failed == 0:
        totals.failed = 1
    return totals


def count_run(lines, exit_code):
    """Counts one run from the lines of its event file."""
    results = {}  # (label, run, shard) -> (attempt, result); the last attempt counts
    broken = set()
    for line in lines:
        event = json.loads(line)
        key, label = next(iter(event["id"].items()))
        if not isinstance(label, dict):
            continue
        if key == "testResult":
            shard = (label["label"], label.get("run", 1), label.get("shard", 0))
            attempt = label.get("attempt", 1)
            if attempt >= results.get(shard, (0, None))[0]:
                results[shard] = (attempt, event["testResult"])
        elif key == "targetCompleted" and not event.get("completed", {}).get("success"):
            broken.add(label["label"])
        elif "aborted" in event and "label" in label:
            broken.add(label["label"])

    totals = Totals()
    for _, result in results.values():
        totals += _count_result(result)
    tested = {label for label, _, _ in results}
    totals.failed += len(broken - tested)
    if exit_code not in _HARMLESS_EXIT_CODES and totals.failed == 0:
        totals.failed = 1
    return totals


def main(folder):
    totals = Totals()
    for code in sorted(pathlib.Path(folder).glob("*.code")):
        events = code.with_suffix(".json")
        lines = events.read_text().splitlines() if events.exists() else []
        run = count_run(lines, int(code.read_text()))
        print(f"{code.stem}: {run}")
        totals += run
    print(totals)
    return 0 if totals.passed > 0 and totals.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
