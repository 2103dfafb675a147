"""Opens the pages of comparisons in a browser, at the widths at which they are read.

Usage: compare_page_browser_test.py SAMPLES. SAMPLES is compare_page_samples.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from loadtest.page import browser, page_check


class ComparePageBrowserTest(unittest.TestCase):
    samples = None
    maxDiff = None

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

    def open(self, name, width=1200):
        tab = self.chromium.open(self.path(name).as_uri(), width, 900)
        self.addCleanup(tab.close)
        return tab

    def check(self, name, view):
        screenshot = self.outputs / f"{name}-{view.name}.png"
        problems = page_check.check(self.chromium, self.path(name), view, screenshot)
        self.assertEqual(problems, [])
        self.assertTrue(screenshot.read_bytes().startswith(b"\x89PNG"))

    def test_a_page_with_everything_is_fine_in_every_view(self):
        for view in page_check.VIEWS:
            with self.subTest(view=view.name):
                self.check("full", view)

    def test_pages_with_less_are_fine(self):
        for name in ("brief", "failed", "empty"):
            with self.subTest(page=name):
                self.check(name, page_check.PHONE)

    def test_bars_of_a_layer_have_their_intervals(self):
        charts = {chart["id"]: chart for chart in page_check.charts_of(self.path("full"))}
        # Eight strategies beside mb; page_check has seen every interval drawn.
        (line,) = charts["layer-1-0"]["lines"]
        self.assertEqual([len(point) for point in line["points"]], [4] * 8)
        self.assertEqual(len(charts["layer-4-0"]["lines"]), 4)

    def test_no_name_of_a_strategy_or_a_work_is_cut_off(self):
        for width in (390, 1200):
            tab = self.open("full", width)
            # Where a row's name begins, left of the chart: Chart.js would let it run out.
            cut = tab.evaluate("""
                Object.values(Chart.instances).filter(chart => chart.options.indexAxis === 'y')
                  .filter(chart => {
                    chart.ctx.font = '12px ' + Chart.defaults.font.family;
                    const lines = chart.scales.y.ticks.flatMap(tick => tick.label);
                    const widest = Math.max(...lines.map(l => chart.ctx.measureText(l).width));
                    return widest > chart.chartArea.left;
                  }).map(chart => chart.canvas.id)""")
            self.assertEqual(cut, [], width)

    def test_what_a_server_says_is_not_run(self):
        tab = self.open("failed")
        self.assertIsNone(tab.evaluate("window.injected ?? null"))
        self.assertIn("</script><script>window.injected = 1</script>",
                      tab.evaluate("document.querySelector('.failure').textContent"))

    def test_nothing_measured_has_no_charts(self):
        self.assertEqual(page_check.charts_of(self.path("empty")), [])


if __name__ == "__main__":
    ComparePageBrowserTest.samples = sys.argv.pop(1)
    unittest.main()
