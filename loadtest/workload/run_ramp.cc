#include "loadtest/workload/run_ramp.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

std::string OutcomeOf(const RampStep& step) {
  if (step.met) return "met";
  return step.reason.empty() ? "missed" : "missed: " + step.reason;
}

// A rate at which no call was answered has no latency.
Point PointOf(const RampStep& step) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {.x = step.done, .y = step.p99 > 0 ? static_cast<double>(step.p99) : kNone};
}

std::vector<RampStep> ByRate(std::vector<RampStep> steps) {
  std::sort(steps.begin(), steps.end(),
            [](const RampStep& a, const RampStep& b) { return a.rate < b.rate; });
  return steps;
}

Line Objective(const RunResult& result) {
  const double most = std::max_element(result.steps.begin(), result.steps.end(),
                                       [](const RampStep& a, const RampStep& b) {
                                         return a.done < b.done;
                                       })
                          ->done;
  const double objective = absl::ToDoubleNanoseconds(*result.options.ramp_p99);
  return {.name = "objective", .points = {{0, objective}, {most, objective}}};
}

}  // namespace

Table RampTable(const RunResult& result) {
  Table table = {.columns = {"tried", "ops/s done", "p50", "p99", "objective"}};
  for (const RampStep& step : result.steps) {
    table.rows.push_back({ShortNumber(step.rate), ShortNumber(step.done),
                          ShortDuration(static_cast<double>(step.p50)),
                          ShortDuration(static_cast<double>(step.p99)), OutcomeOf(step)});
  }
  return table;
}

Chart RampChart(const RunResult& result) {
  Line all = {.name = "p99"};
  Line met = {.name = "objective met", .look = Line::kDiamonds};
  Line missed = {.name = "missed", .look = Line::kCrosses};
  for (const RampStep& step : ByRate(result.steps)) {
    all.points.push_back(PointOf(step));
    (step.met ? met : missed).points.push_back(PointOf(step));
  }
  Chart chart = {
      .id = "ramp",
      .title = "Throughput against p99",
      .text =
          "Every rate that was tried, by how much of it was done. A rate may miss the "
          "objective below the dashed line as well: where calls queued up or failed. "
          "The table says why.",
      .x = {.kind = Axis::kRate, .title = "operations/s done"},
      .y = {.kind = Axis::kLatency, .title = "p99 from when the call was due"},
      .lines = {all, Objective(result)},
      .table = RampTable(result)};
  for (const Line& line : {met, missed}) {
    if (!line.points.empty()) chart.lines.push_back(line);
  }
  return chart;
}

}  // namespace rcukv::loadtest
