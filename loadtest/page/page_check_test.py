"""What page_check finds in a page that is as it should be, and in pages that are not.

Usage: page_check_test.py SAMPLE. SAMPLE writes a page whose every string is hostile.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from loadtest.page import browser, page_check

_CHARTS = re.compile(r'(<script type="application/json" id="charts">)(.*?)(</script>)', re.DOTALL)


class PageCheckTest(unittest.TestCase):
    sample = None
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.chromium = cls.enterClassContext(browser.Browser())
        output = subprocess.run([cls.sample], check=True, stdout=subprocess.PIPE).stdout
        # Bytes that are not UTF-8 stay what they are.
        cls.html = output.decode("utf-8", "surrogateescape")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "page.html")

    def problems(self, html):
        """Of a page with this content."""
        self.path.write_bytes(html.encode("utf-8", "surrogateescape"))
        return page_check.check(self.chromium, self.path, page_check.DESKTOP)

    def with_charts(self, change):
        """The page, after `change` was made to the data of its charts."""
        def changed(match):
            charts = json.loads(match[2])
            change(charts)
            return match[1] + json.dumps(charts).replace("<", "\\u003c") + match[3]
        return _CHARTS.sub(changed, self.html)

    def replaced(self, old, new):
        self.assertIn(old, self.html)
        return self.html.replace(old, new, 1)

    def without_policy(self, html):
        """As the policy has the hashes of scripts, which a test may have changed."""
        return re.sub(r'<meta http-equiv[^>]*>', "", html, count=1)

    def test_a_page_full_of_hostile_strings_is_fine_in_every_view(self):
        self.path.write_bytes(self.html.encode("utf-8", "surrogateescape"))
        for view in page_check.VIEWS:
            with self.subTest(view=view.name):
                self.assertEqual(page_check.check(self.chromium, self.path, view), [])

    def test_hostile_strings_are_shown_and_not_run(self):
        self.path.write_bytes(self.html.encode("utf-8", "surrogateescape"))
        tab = self.chromium.open(self.path.as_uri(), 1200, 900)
        self.addCleanup(tab.close)
        self.assertIsNone(tab.evaluate("window.injected ?? null"))
        for element in ("h1", "title", "h3", "figcaption", "li", "code", "dt", "dd", "caption"):
            text = tab.evaluate(f"document.querySelector('{element}').textContent")
            self.assertIn("</script><script>window.injected = 1</script><!--", text, element)
            self.assertIn("&lt;b&gt;", text, element)
        label = tab.evaluate("Chart.getChart('rates').data.datasets[0].label")
        self.assertIn("</script><script>window.injected = 1</script><!--", label)

    def test_it_can_be_printed(self):
        self.path.write_bytes(self.html.encode("utf-8", "surrogateescape"))
        tab = self.chromium.open(self.path.as_uri(), 390, 844, dark=True)
        self.addCleanup(tab.close)
        tab.evaluate("addEventListener('beforeprint', () => { window.widths = "
                     "[...document.querySelectorAll('canvas')].map(c => c.clientWidth); })")
        self.assertTrue(tab.pdf().startswith(b"%PDF-"))
        # Drawn anew for paper, wider than the screen is.
        widths = tab.evaluate("window.widths")
        self.assertEqual(widths, [672] * tab.evaluate("document.querySelectorAll('canvas').length"))

    def test_a_chart_without_data_is_found(self):
        def empty(charts):
            for line in charts[0]["lines"]:
                line["points"] = []
        self.assertIn("chart 'rates' has no data", self.problems(self.with_charts(empty)))

    def test_a_chart_whose_data_is_all_gaps_is_found(self):
        def gaps(charts):
            for line in charts[1]["lines"]:
                line["points"] = [[x, None] for x, _ in line["points"]]
        self.assertIn("chart 'curve' has no data", self.problems(self.with_charts(gaps)))

    def test_points_outside_of_the_chart_are_found(self):
        def negative(charts):
            charts[0]["lines"][1]["points"] = [[2, -4], [9, 9]]
        self.assertIn("chart 'rates' line 'diamonds' has 1 points of 2",
                      self.problems(self.with_charts(negative)))

    def test_a_point_in_the_wrong_place_is_found(self):
        problems = self.problems(self.without_policy(
            self.replaced("data = line.points.map(([x, y]) => ({x, y}))",
                          "data = line.points.map(([x, y]) => ({x, y: y / 2}))")))
        self.assertIn("chart 'rates' line 'crosses' has 0 points of 1", problems)

    def test_a_chart_that_cannot_be_drawn_is_found_and_the_others_are_drawn(self):
        def unknown(charts):
            charts[0]["x"]["kind"] = "unknown"
        problems = self.problems(self.with_charts(unknown))
        self.assertIn("chart 'rates' has no canvas", problems)
        self.assertFalse([problem for problem in problems if "'curve'" in problem], problems)

    def test_an_interval_that_is_not_drawn_is_found(self):
        problems = self.problems(self.without_policy(
            self.replaced("drawIntervalsOf(drawn, set, i)", "drawIntervalsOf(drawn, set, 1)")))
        self.assertTrue(any("has 0 intervals of 1" in problem for problem in problems), problems)

    def test_a_bar_whose_interval_holds_its_beginning_is_hollow(self):
        self.path.write_bytes(self.html.encode("utf-8", "surrogateescape"))
        tab = self.chromium.open(self.path.as_uri(), 1200, 900)
        self.addCleanup(tab.close)
        # Above the interval, within the bar.
        colours = tab.evaluate("""
            (() => {
              const chart = Chart.getChart('bars');
              const {scales: {x}, ctx} = chart;
              return [[0, 1, 2], [1, 1, 1.15], [1, 0, 0.7]].map(([set, row, value]) => {
                const bar = chart.getDatasetMeta(set).data[row];
                const top = bar.y - bar.height / 2 + 2;
                return [...ctx.getImageData(x.getPixelForValue(value), top, 1, 1).data].join();
              });
            })()""")
        self.assertEqual(colours, ["11,95,165,255", "255,255,255,255", "213,94,0,255"])

    def test_a_part_that_is_too_small_is_seen_all_the_same(self):
        self.path.write_bytes(self.html.encode("utf-8", "surrogateescape"))
        tab = self.chromium.open(self.path.as_uri(), 390, 844)
        self.addCleanup(tab.close)
        width = tab.evaluate("Chart.getChart('stack').getDatasetMeta(0).data[0].width")
        self.assertEqual(width, 2)

    def test_data_without_a_canvas_and_a_canvas_without_data_are_found(self):
        problems = self.problems(self.replaced('<canvas id="ramp"', '<canvas id="other"'))
        self.assertIn("chart 'ramp' has no canvas", problems)
        self.assertIn("canvas 'other' has no data", problems)

    def test_a_script_that_was_changed_is_not_run(self):
        problems = self.problems(self.replaced("const dashes", "window.x = 1; const dashes"))
        self.assertTrue(any("Content Security Policy" in problem for problem in problems), problems)
        self.assertTrue(any("is not drawn" in problem for problem in problems), problems)

    def test_a_script_that_was_put_in_is_not_run(self):
        problems = self.problems(self.replaced("<h1>", "<script>window.injected = 1</script><h1>"))
        self.assertTrue(any("Content Security Policy" in problem for problem in problems), problems)

    def test_a_request_is_refused_and_found(self):
        image = '<img alt="" src="http://192.0.2.1/x.png"><h1>'
        problems = self.problems(self.replaced("<h1>", image))
        self.assertTrue(any("http://192.0.2.1/x.png" in problem for problem in problems), problems)

    def test_a_request_is_found_where_no_policy_refuses_it(self):
        html = re.sub(r'<meta http-equiv[^>]*>', '<img alt="" src="http://127.0.0.1:1/x.png">',
                      self.html, count=1)
        self.assertIn("asked for http://127.0.0.1:1/x.png", self.problems(html))

    def test_a_page_that_is_too_wide_is_found(self):
        wide = '<pre style="width: 3000px"></pre><h1>'
        html = self.without_policy(self.replaced("<h1>", wide))
        self.assertTrue(any("wider than the window" in problem for problem in self.problems(html)))

    def test_a_chart_that_says_nothing_to_the_blind_is_found(self):
        problems = self.problems(self.replaced('aria-describedby="rates-text"', ""))
        self.assertIn("chart 'rates' says nothing to those who do not see it", problems)


if __name__ == "__main__":
    PageCheckTest.sample = sys.argv.pop(1)
    unittest.main()
