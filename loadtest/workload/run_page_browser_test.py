"""Opens the pages of runs in a browser, at the widths at which they are read.

Usage: run_page_browser_test.py SAMPLES. SAMPLES is run_page_samples.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from loadtest.page import browser, page_check

_RUN_CHARTS = ["throughput", "latency", "curves-due"]
_OPEN_CHARTS = _RUN_CHARTS + ["curves-sent"]

# The charts of each, and the view in which it is looked at: page_check_test goes through all
# views of one page.
_PAGES = {
    "closed": (_RUN_CHARTS, page_check.DESKTOP),
    "open": (_OPEN_CHARTS, page_check.PHONE),
    "ramp": (["ramp"] + _OPEN_CHARTS, page_check.PRINT),
    "failed": (_OPEN_CHARTS, page_check.PHONE_DARK),
    "empty": ([], page_check.DESKTOP),
    "long": (_RUN_CHARTS, page_check.DESKTOP_DARK),
}


class RunPageBrowserTest(unittest.TestCase):
    samples = None

    @classmethod
    def setUpClass(cls):
        cls.chromium = cls.enterClassContext(browser.Browser())
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        subprocess.run([cls.samples, cls.folder], check=True)
        # Where Bazel keeps what a test leaves; screenshots, for people.
        cls.outputs = pathlib.Path(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", cls.folder))

    @classmethod
    def path(cls, name):
        return cls.folder / (name + ".html")

    def open(self, name):
        tab = self.chromium.open(self.path(name).as_uri(), 1200, 900)
        self.addCleanup(tab.close)
        return tab

    def test_every_page_has_its_charts(self):
        for name, (charts, _) in _PAGES.items():
            with self.subTest(page=name):
                ids = [chart["id"] for chart in page_check.charts_of(self.path(name))]
                self.assertEqual(ids, charts)

    def test_every_page_is_fine(self):
        for name, (_, view) in _PAGES.items():
            with self.subTest(page=name, view=view.name):
                screenshot = self.outputs / f"{name}-{view.name}.png"
                problems = page_check.check(self.chromium, self.path(name), view, screenshot)
                self.assertEqual(problems, [])
                self.assertTrue(screenshot.read_bytes().startswith(b"\x89PNG"))

    def test_both_clocks_have_one_scale_and_each_nine_a_tick(self):
        tab = self.open("open")
        due, sent = ([tab.evaluate(f"Chart.getChart('curves-{clock}').scales.y.{end}")
                      for end in ("min", "max")] for clock in ("due", "sent"))
        self.assertEqual(due, sent)
        labels = tab.evaluate(
            "Chart.getChart('curves-due').scales.x.ticks.map(tick => tick.label)")
        self.assertEqual(labels, ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"])

    def test_warm_up_and_what_came_after_the_end_are_set_off(self):
        # In the middle of a band there is another colour than beside it.
        colours = self.open("open").evaluate("""
            (() => {
              const chart = Chart.getChart('throughput');
              const y = chart.chartArea.bottom - 3;
              const at = seconds => [...chart.ctx.getImageData(
                  chart.scales.x.getPixelForValue(seconds), y, 1, 1).data].join();
              return [1.3, 32.3, 17.3].map(at);
            })()""")
        self.assertEqual(colours[0], colours[1])
        self.assertNotEqual(colours[0], colours[2])

    def test_a_second_without_answers_is_a_gap(self):
        gaps = self.open("closed").evaluate(
            "Chart.getChart('latency').getDatasetMeta(0).data.filter(point => point.skip).length")
        self.assertEqual(gaps, 1)

    def test_what_a_server_says_is_not_run(self):
        tab = self.open("failed")
        self.assertIsNone(tab.evaluate("window.injected ?? null"))
        self.assertIn("</script><script>window.injected = 1</script>",
                      tab.evaluate("document.querySelector('.failure').textContent"))


if __name__ == "__main__":
    RunPageBrowserTest.samples = sys.argv.pop(1)
    unittest.main()
