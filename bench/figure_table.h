// A table of figures: a row an arm, under the name of its measure.
#ifndef RCUKV_BENCH_FIGURE_TABLE_H_
#define RCUKV_BENCH_FIGURE_TABLE_H_

#include <functional>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/statistics.h"

namespace rcukv::bench {

// What is shown of a figure that was taken in several rounds.
struct FigureColumn {
  std::string heading;
  // In Figures.
  std::string figure;
  std::string (*format)(double value);
  // Which of them.
  double Summary::*which = &Summary::median;
};

// Of the measures for which `wanted` is true; empty where there is none. "-" stands for
// what was not measured.
std::string RenderFigures(const std::string& heading,
                          const std::vector<FigureColumn>& columns,
                          const std::vector<MeasureResult>& results,
                          const std::function<bool(const MeasureResult&)>& wanted);

// Of microseconds: "1.23 ms".
std::string DurationOfUs(double us);

// "1.23".
std::string TwoDecimals(double value);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_FIGURE_TABLE_H_
