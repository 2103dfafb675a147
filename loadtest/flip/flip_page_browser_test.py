"""Opens the pages of flips in a browser.

Usage: flip_page_browser_test.py SAMPLES. SAMPLES is flip_page_samples.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from loadtest.page import browser, page_check

_CHARTS = ["reads", "read-p50", "read-p99", "read-p999", "writes", "write-p99",
           "grace-periods", "backlog", "interrupts"]

# The charts of each, and the view in which it is looked at.
_PAGES = {
    "flip": (_CHARTS, page_check.PHONE),
    "all": (_CHARTS[:-1], page_check.DESKTOP_DARK),
    "failed": (_CHARTS, page_check.PRINT),
}


class FlipPageBrowserTest(unittest.TestCase):
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

    def test_every_page_has_its_charts_and_is_fine(self):
        for name, (charts, view) in _PAGES.items():
            with self.subTest(page=name, view=view.name):
                ids = [chart["id"] for chart in page_check.charts_of(self.path(name))]
                self.assertEqual(ids, charts)
                screenshot = self.outputs / f"{name}-{view.name}.png"
                problems = page_check.check(self.chromium, self.path(name), view, screenshot)
                self.assertEqual(problems, [])

    def test_each_of_all_settings_has_a_look_of_its_own(self):
        looks = self.open("all").evaluate("""
            Chart.getChart('read-p99').data.datasets
              .map(set => set.borderColor + ' ' + set.borderDash)""")
        self.assertEqual(len(looks), 8)
        self.assertEqual(len(set(looks)), 8)

    def test_the_ground_changes_where_the_setting_was_switched(self):
        colours = self.open("flip").evaluate("""
            (() => {
              const chart = Chart.getChart('reads');
              const y = chart.chartArea.bottom - 3;
              const at = seconds => [...chart.ctx.getImageData(
                  chart.scales.x.getPixelForValue(seconds), y, 1, 1).data].join();
              return [0.4, 1.4, 2.4, 3.4].map(at);
            })()""")
        self.assertEqual(colours[0], colours[2])
        self.assertEqual(colours[1], colours[3])
        self.assertNotEqual(colours[0], colours[1])

    def test_what_a_server_says_is_not_run(self):
        self.assertIsNone(self.open("failed").evaluate("window.injected ?? null"))


if __name__ == "__main__":
    FlipPageBrowserTest.samples = sys.argv.pop(1)
    unittest.main()
