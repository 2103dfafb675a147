// What page.js draws: lines and marks over an axis, as data.
#ifndef RCUKV_LOADTEST_PAGE_CHART_H_
#define RCUKV_LOADTEST_PAGE_CHART_H_

#include <string>
#include <vector>

#include "loadtest/page/table.h"

namespace rcukv::loadtest {

struct Axis {
  enum Kind {
    // Seconds, from 0 on.
    kTime,
    // Something a second, from 0 on.
    kRate,
    // Nanoseconds; logarithmic.
    kLatency,
    // The share q of the operations, drawn by 1 / (1 - q), which is what a point has
    // here: 1 or more; logarithmic, so that each further nine of a percentile takes as
    // much room as the one before.
    kNines,
  };

  Kind kind = kTime;
  // Without the unit.
  std::string title = "";
  // Values that are within the axis whatever the points are, so that charts beside one
  // another have one scale. Empty: the points alone count.
  std::vector<double> within = {};
};

struct Point {
  double x = 0;
  // NaN: there is none, and the line has a gap. Above 0 where the axis is logarithmic.
  double y = 0;
};

struct Line {
  enum Look { kLine, kDiamonds, kCrosses };

  std::string name;
  std::vector<Point> points = {};
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
  // The same figures, for those who do not see the chart.
  Table table = {};
};

// For page.js: an array with an object a chart; bytes that are not UTF-8 are replaced.
std::string ToJson(const std::vector<Chart>& charts);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_CHART_H_
