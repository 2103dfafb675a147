"""Opens a report in a browser and says what is wrong with it.

    problems = page_check.check(chromium, path, page_check.DESKTOP)

Usage: page_check.py FILE [FOLDER]. Checks it in every view; screenshots go to FOLDER.

What it looks at: every chart of the page's data has a canvas; Chart.js has placed each point
where the data says, within the chart; each line has pixels of its colour there, and each
interval of a bar an end at either side; no script failed; nothing was asked for but the file
itself; the page is no wider than the window; and who does not see a chart finds its name, its text and its figures.
"""

import collections
import html.parser
import json
import pathlib
import sys

from loadtest.page import browser

View = collections.namedtuple("View", "name width height dark printed")

DESKTOP = View("desktop", 1200, 900, dark=False, printed=False)
DESKTOP_DARK = View("desktop-dark", 1200, 900, dark=True, printed=False)
PHONE = View("phone", 390, 844, dark=False, printed=False)
PHONE_DARK = View("phone-dark", 390, 844, dark=True, printed=False)
# The width of A4 between the margins; a dark screen must not make it dark.
PRINT = View("print", 680, 960, dark=True, printed=True)
VIEWS = (DESKTOP, DESKTOP_DARK, PHONE, PHONE_DARK, PRINT)

# What Chart.js has drawn: of each chart, for each line, the points that it placed where the
# page's data says and within the chart; how many pixels there have (nearly) the line's colour;
# and of how many intervals both ends have a pixel of theirs.
_DRAWN = """
(async () => {
  // What follows from a change of the window or the medium is drawn with the next frame.
  for (let i = 0; i < 2; ++i) await new Promise(requestAnimationFrame);
  const near = 24;
  const block = document.getElementById('charts')?.textContent ?? '[]';
  const dataOf = id => JSON.parse(block).find(chart => chart.id === id) ?? {y: {}};
  const drawnOf = chart => {
    const {left, top, right, bottom} = chart.chartArea;
    const ratio = chart.currentDevicePixelRatio;
    // Once: the browser warns of several.
    const {data, width, height} = chart.ctx.getImageData(0, 0, chart.canvas.width,
                                                         chart.canvas.height);
    // Within a rectangle of CSS pixels.
    const pixelsOf = (colour, fromX = left, fromY = top, toX = right, toY = bottom) => {
      const rgb = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
      const [x0, y0, x1, y1] = [fromX, fromY, toX, toY].map(n => Math.round(n * ratio));
      let count = 0;
      for (let y = Math.max(y0, 0); y < Math.min(y1, height); ++y) {
        for (let x = Math.max(x0, 0); x < Math.min(x1, width); ++x) {
          const i = 4 * (y * width + x);
          const isNear = (c, k) => Math.abs(c - data[i + k]) < near;
          if (data[i + 3] > 200 && rgb.every(isNear)) ++count;
        }
      }
      return count;
    };
    const isEndSeen = (value, bar, colour) => {
      const x = chart.scales.x.getPixelForValue(value);
      return pixelsOf(colour, x - 2, bar.y - 2, x + 2, bar.y + 2) > 0;
    };
    const intervalsOf = (set, bars) => set.data.filter(({low, high}, i) =>
      low !== undefined && [low, high].every(end => isEndSeen(end, bars[i], set.intervalColor))
    ).length;
    const isWithin = point => !point.skip && point.x >= left - 1 && point.x <= right + 1 &&
      point.y >= top - 1 && point.y <= bottom + 1;
    const {lines = [], stacked, y: {kind}} = dataOf(chart.canvas.id);
    // Where a bar ends, which may stand at the end of others.
    const endOf = (i, [x, row]) => (!stacked ? x : lines.slice(0, i + 1)
      .flatMap(line => line.points)
      .reduce((sum, [length, itsRow]) => sum + (itsRow === row ? length : 0), 0));
    const isPlaced = (i, point, drawn) => {
      const {x, y} = chart.scales;
      // The shortest bars are made longer; bars of one row stand one below the other.
      const isRow = kind === 'names' && Math.abs(y.getPixelForValue(point[1]) - drawn.y) <
        chart.height / y.getLabels().length / 2;
      return Math.abs(x.getPixelForValue(endOf(i, point)) - drawn.x) < 3 &&
        (isRow || Math.abs(y.getPixelForValue(point[1]) - drawn.y) < 1);
    };
    const pointsOf = i => chart.getDatasetMeta(i).data.filter((drawn, j) =>
      isWithin(drawn) && isPlaced(i, lines[i].points[j], drawn)).length;
    return chart.data.datasets.map((set, i) => ({
      name: set.label,
      points: pointsOf(i),
      pixels: pixelsOf(set.borderColor),
      intervals: intervalsOf(set, chart.getDatasetMeta(i).data),
    }));
  };
  const described = (canvas, name) =>
    document.getElementById(canvas.getAttribute(name))?.textContent.trim() ?? '';
  const charts = {};
  for (const canvas of document.querySelectorAll('canvas')) {
    const chart = window.Chart?.getChart(canvas);
    charts[canvas.id] = {
      lines: chart ? drawnOf(chart) : [],
      role: canvas.getAttribute('role'),
      title: described(canvas, 'aria-labelledby'),
      text: described(canvas, 'aria-describedby'),
      rows: canvas.closest('figure')?.querySelectorAll('details tbody tr').length ?? 0,
    };
  }
  return {charts, width: document.documentElement.scrollWidth};
})()
"""


class _Data(html.parser.HTMLParser):
    """The text of <script id="charts">, as a browser would cut it out."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self._within = False

    def handle_starttag(self, tag, attributes):
        self._within = tag == "script" and ("id", "charts") in attributes

    def handle_endtag(self, tag):
        self._within = False

    def handle_data(self, data):
        if self._within:
            self.text += data


def charts_of(path):
    """The charts in the data of a page."""
    data = _Data()
    data.feed(pathlib.Path(path).read_text(encoding="utf-8", errors="replace"))
    return json.loads(data.text) if data.text else []


def _problems_of_line(line, drawn):
    points = sum(1 for _, y, *_ in line["points"] if y is not None)
    intervals = sum(1 for point in line["points"] if len(point) == 4)
    if drawn is None:
        return [f"line {line['name']!r} is not drawn"]
    problems = []
    if drawn["points"] != points:
        problems.append(f"line {line['name']!r} has {drawn['points']} points of {points}")
    if points > 0 and drawn["pixels"] == 0:
        problems.append(f"line {line['name']!r} cannot be seen")
    if drawn["intervals"] != intervals:
        problems.append(f"line {line['name']!r} has {drawn['intervals']} intervals of {intervals}")
    return problems


def _problems_of_chart(chart, drawn):
    if drawn is None:
        return ["has no canvas"]
    problems = []
    if not any(y is not None for line in chart["lines"] for _, y, *_ in line["points"]):
        problems.append("has no data")
    lines = drawn["lines"] + [None] * len(chart["lines"])
    for line, drawn_line in zip(chart["lines"], lines):
        problems += _problems_of_line(line, drawn_line)
    if drawn["role"] != "img" or not drawn["title"] or not drawn["text"]:
        problems.append("says nothing to those who do not see it")
    if drawn["rows"] == 0:
        problems.append("has no table")
    return problems


def _problems(tab, path, url, width):
    drawn = tab.evaluate(_DRAWN)
    problems = [f"asked for {request}" for request in tab.requests if request != url]
    problems += tab.errors
    if drawn["width"] > width:
        problems.append(f"is {drawn['width']} pixels wide, wider than the window")
    charts = charts_of(path)
    for chart in charts:
        problems += [f"chart {chart['id']!r} {problem}" for problem in
                     _problems_of_chart(chart, drawn["charts"].get(chart["id"]))]
    for name in drawn["charts"].keys() - {chart["id"] for chart in charts}:
        problems.append(f"canvas {name!r} has no data")
    return problems


def check(chromium, path, view, screenshot=None):
    """What is wrong with the page, in words; `screenshot` is the path of a PNG to write."""
    url = pathlib.Path(path).resolve().as_uri()
    tab = chromium.open(url, view.width, view.height, view.dark)
    try:
        if view.printed:
            tab.print_preview()
        problems = _problems(tab, path, url, view.width)
        if screenshot:
            pathlib.Path(screenshot).write_bytes(tab.screenshot())
        return problems
    finally:
        tab.close()


def main(path, folder=None):
    failed = False
    with browser.Browser() as chromium:
        for view in VIEWS:
            screenshot = folder and pathlib.Path(folder, view.name + ".png")
            problems = check(chromium, path, view, screenshot)
            failed = failed or bool(problems)
            print(f"{view.name}: {'; '.join(problems) or 'fine'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
