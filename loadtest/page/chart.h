// What page.js draws with axes.js and marks.js, as data: lines and marks over an axis, or
// bars beside names.
#ifndef RCUKV_LOADTEST_PAGE_CHART_H_
#define RCUKV_LOADTEST_PAGE_CHART_H_

#include <optional>
#include <string>
#include <vector>

#include "loadtest/base/table.h"

namespace rcukv::loadtest {

struct Axis {
  enum Kind {
    // Seconds, from 0 on.
    kTime,
    // Something a second, from 0 on.
    kRate,
    // The same where some are many times as high as others; logarithmic.
    kWideRate,
    // Nanoseconds; logarithmic.
    kLatency,
    // The share q of the operations, drawn by 1 / (1 - q), which is what a point has
    // here: 1 or more; logarithmic, so that each further nine of a percentile takes as
    // much room as the one before.
    kNines,
    // How many times as much as another; logarithmic. Bars begin at 1.
    kTimes,
    // Of a whole, from 0 on; 100 is all of it.
    kPercent,
    // Names, from top to bottom; what a point has here is the number of one, from 0 on.
    // Of
    // the y axis alone: the lines of such a chart are bars, which end at their x.
    kNames,
  };

  Kind kind = kTime;
  // Without the unit.
  std::string title = "";
  // Values that are within the axis whatever the points are, so that charts beside one
  // another have one scale. Empty: the points alone count.
  std::vector<double> within = {};
  // Of kNames.
  std::vector<std::string> names = {};
};

struct Interval {
  double low = 0;
  double high = 0;
};

struct Point {
  double x = 0;
  // NaN: there is none, and the line has a gap. Above 0 where the axis is logarithmic.
  double y = 0;
  // Of a bar: where its end may as well be. One within which bars begin says that there
  // may be nothing to see: the bar is hollow.
  std::optional<Interval> interval = std::nullopt;
};

struct Line {
  enum Look { kLine, kDiamonds, kCrosses };

  std::string name;
  std::vector<Point> points = {};
  // Of a bar it says nothing.
  Look look = kLine;
};

// A part of the horizontal axis that is set off, with its name.
struct Band {
  std::string name;
  double from = 0;
  double to = 0;
};

struct Chart {
  // Of letters, digits and '-'; one of its own in a page.
  std::string id;
  std::string title = "";
  // What it shows and how to read it, in a sentence or two.
  std::string text = "";
  Axis x = {};
  Axis y = {};
  std::vector<Line> lines = {};
  std::vector<Band> bands = {};
  // Bars of a row stand end to end, in the order of their lines, rather than below one
  // another.
  bool stacked = false;
  // The same figures, for those who do not see the chart.
  Table table = {};
};

// Whether there is something to draw.
bool HasPoints(const Chart& chart);

// For page.js: an array with an object a chart; bytes that are not UTF-8 are replaced.
std::string ToJson(const std::vector<Chart>& charts);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_CHART_H_
