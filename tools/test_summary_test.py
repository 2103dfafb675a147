import contextlib
import io
import json
import pathlib
import tempfile
import unittest

from tools import test_summary

GTEST_XML = """<testsuites><testsuite name="S">
<testcase name="a" status="run" result="completed"/>
<testcase name="b" status="run" result="completed"><failure message="m"/></testcase>
<testcase name="c" status="run" result="skipped"/>
<testcase name="DISABLED_d" status="notrun" result="suppressed"/>
<testcase name="e" status="run" result="completed"/>
</testsuite></testsuites>"""
PASSING_XML = '<testsuites><testsuite><testcase name="x"/></testsuite></testsuites>'


def completed(label, success=True):
    payload = {"success": True} if success else {}
    return json.dumps({"id": {"targetCompleted": {"label": label}}, "completed": payload})


class TestSummaryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def result(self, label, status, xml=None, attempt=1, shard=1):
        outputs = []
        if xml is not None:
            path = self.folder / f"{label.strip('/')} {attempt} {shard}.xml"
            path.write_text(xml)
            outputs.append({"name": "test.xml", "uri": path.as_uri()})
        return json.dumps(
            {
                "id": {
                    "testResult": {"label": label, "run": 1, "shard": shard, "attempt": attempt}
                },
                "testResult": {"status": status, "testActionOutput": outputs},
            }
        )

    def count(self, lines, exit_code=0):
        return repr(test_summary.count_run(lines, exit_code))

    def test_counts_cases_but_neither_skipped_nor_disabled_ones(self):
        self.assertEqual(self.count([self.result("//a", "FAILED", GTEST_XML)]), "2 passed, 1 failed")

    def test_a_crash_or_timeout_without_a_failing_case_is_one_failure(self):
        lines = [self.result("//a", "TIMEOUT"), self.result("//b", "FAILED", PASSING_XML)]
        self.assertEqual(self.count(lines), "1 passed, 2 failed")

    def test_a_torn_xml_of_a_failed_test_is_one_failure(self):
        self.assertEqual(self.count([self.result("//a", "FAILED", "<testsui")]), "0 passed, 1 failed")

    def test_the_last_attempt_counts(self):
        lines = [
            self.result("//a", "FAILED", GTEST_XML, attempt=1),
            self.result("//a", "PASSED", PASSING_XML, attempt=2),
        ]
        self.assertEqual(self.count(lines), "1 passed, 0 failed")

    def test_shards_add_up(self):
        lines = [self.result("//a", "PASSED", PASSING_XML, shard=n) for n in (1, 2)]
        self.assertEqual(self.count(lines), "2 passed, 0 failed")

    def test_a_target_that_did_not_build_is_one_failure(self):
        lines = [self.result("//a", "PASSED", PASSING_XML), completed("//a"), completed("//b", False)]
        self.assertEqual(self.count(lines, 1), "1 passed, 1 failed")

    def test_a_target_that_was_not_analyzed_is_one_failure(self):
        aborted = {"aborted": {"reason": "ANALYSIS_FAILURE"}}
        lines = [
            json.dumps({"id": {"targetCompleted": {"label": "//b"}}, **aborted}),
            json.dumps({"id": {"configuredLabel": {"label": "//b"}}, **aborted}),
        ]
        self.assertEqual(self.count(lines, 1), "0 passed, 1 failed")

    def test_bazel_failing_by_itself_is_one_failure(self):
        self.assertEqual(self.count([], 37), "0 passed, 1 failed")

    def test_no_tests_in_a_pattern_is_no_failure(self):
        self.assertEqual(self.count([], 4), "0 passed, 0 failed")

    def summary(self, runs):
        for name, (lines, code) in runs.items():
            (self.folder / f"{name}.json").write_text("\n".join(lines))
            (self.folder / f"{name}.code").write_text(str(code))
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = test_summary.main(self.folder)
        return output.getvalue().splitlines()[-1], status

    def test_the_last_line_sums_all_runs(self):
        run = [self.result("//a", "PASSED", PASSING_XML)]
        self.assertEqual(self.summary({"plain": (run, 0), "tsan": (run, 0)}), ("2 passed, 0 failed", 0))

    def test_a_failure_fails_the_summary(self):
        runs = {"plain": ([self.result("//a", "PASSED", PASSING_XML)], 0), "tsan": ([], 1)}
        self.assertEqual(self.summary(runs), ("1 passed, 1 failed", 1))

    def test_nothing_run_fails_the_summary(self):
        self.assertEqual(self.summary({"plain": ([], 4)}), ("0 passed, 0 failed", 1))


if __name__ == "__main__":
    unittest.main()
