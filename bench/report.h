// What a benchmark says: ratios, and whether they reach what was asked.
#ifndef RCUKV_BENCH_REPORT_H_
#define RCUKV_BENCH_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/statistics.h"

namespace rcukv::bench {

// Ours over a peer's, the best where there are several; so higher is better. `ratio` is
// of the ratios of the single rounds, so its median is not quite the ratio of the two
// medians beside it.
struct Ratio {
  std::string name;
  std::string peer;
  Summary ratio;
  Summary ours;
  Summary peers;
  std::optional<double> target;

  bool Missed() const { return target.has_value() && ratio.median < *target; }
};

// Of what was compared and measured in at least one round.
std::vector<Ratio> RatiosOf(const std::vector<MeasureResult>& results);

// A line each: "ratio rcu.read.memb.1r1w 1.62x vs liburcu-memb".
std::string RatioLines(const std::vector<Ratio>& ratios);

// A table of the ratios with their ends, the figures behind them, and the targets.
std::string RenderSummary(const std::vector<Ratio>& ratios);

// A line for each measure that is incomplete, with the reason. Empty: all were measured.
std::string RenderLeftOut(const std::vector<MeasureResult>& results);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_REPORT_H_
