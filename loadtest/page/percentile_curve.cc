#include "loadtest/page/percentile_curve.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

// Of each nine; 2 and 4 are the 50th, 75th, 95th, 97.5th, ... percentile.
constexpr double kSteps[] = {1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8};
constexpr double kPercents[] = {50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999};

std::vector<std::string> Row(const std::string& name, double percent,
                             const std::vector<const LatencyHistogram*>& histograms) {
  std::vector<std::string> row = {name};
  for (const LatencyHistogram* latencies : histograms) {
    const auto nanoseconds = static_cast<double>(latencies->Percentile(percent));
    row.push_back(latencies->count() > 0 ? ShortDuration(nanoseconds) : "-");
  }
  return row;
}

Point At(double x, uint64_t nanoseconds) {
  return {.x = x, .y = static_cast<double>(std::max<uint64_t>(nanoseconds, 1))};
}

}  // namespace

std::vector<Point> PercentileCurve(const LatencyHistogram& latencies) {
  std::vector<Point> points;
  if (latencies.count() == 0) return points;
  const auto count = static_cast<double>(latencies.count());
  for (double decade = 1; decade < count; decade *= 10) {
    for (const double step : kSteps) {
      const double x = decade * step;
      if (x >= count) break;
      points.push_back(At(x, latencies.Percentile(100 - 100 / x)));
    }
  }
  points.push_back(At(count, latencies.max()));
  return points;
}

std::vector<std::vector<std::string>> PercentileRows(
    const std::vector<const LatencyHistogram*>& histograms) {
  std::vector<std::vector<std::string>> rows;
  for (const double percent : kPercents) {
    rows.push_back(Row(absl::StrFormat("%g %%", percent), percent, histograms));
  }
  rows.push_back(Row("max", 100, histograms));
  return rows;
}

}  // namespace rcukv::loadtest
