#include "bench/serve/tables.h"

#include "absl/strings/str_format.h"
#include "bench/serve/plan.h"
#include "bench/statistics.h"
#include "loadtest/base/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortDuration;
using loadtest::ShortNumber;
using loadtest::TextTable;

constexpr char kNothing[] = "-";
constexpr double kNanosecondsPerMicrosecond = 1000;

bool IsPaced(const MeasureResult& result) { return result.measure.name == kPacedMeasure; }

template <class Format>
std::string Cell(const Summary& summary, Format format) {
  return summary.count == 0 ? kNothing : format(summary.median);
}

std::string Microseconds(double us) { return absl::StrFormat("%.2f", us); }
std::string Duration(double us) { return ShortDuration(us * kNanosecondsPerMicrosecond); }

std::vector<std::string> ClosedRow(const MeasureResult& result, size_t arm) {
  const auto summary = [&](const char* figure) {
    return SummaryOf(ValuesOf(result.samples[arm], figure));
  };
  const Summary keys = summary("keys_per_second");
  const auto end = [&](double value) {
    return keys.count == 0 ? kNothing : ShortNumber(value);
  };
  return {result.measure.arms[arm].label,
          Cell(keys, ShortNumber),
          end(keys.min),
          end(keys.max),
          Cell(summary("server_cpu_us_per_key"), Microseconds),
          Cell(summary("client_cpu_us_per_key"), Microseconds)};
}

std::vector<std::string> OpenRow(const MeasureResult& result, size_t arm) {
  std::vector<std::string> cells = {result.measure.arms[arm].label};
  const auto add = [&](const char* figure, auto format) {
    cells.push_back(Cell(SummaryOf(ValuesOf(result.samples[arm], figure)), format));
  };
  add("keys_per_second", ShortNumber);
  for (const char* figure : {"p50_us", "p99_us", "p999_us", "max_us"}) {
    add(figure, Duration);
  }
  add("server_cpu_us_per_key", Microseconds);
  return cells;
}

}  // namespace

std::string RenderClosedLoops(const std::vector<MeasureResult>& results) {
  TextTable table(
      {"closed loops", "keys/s", "min", "max", "server us/key", "client us/key"});
  bool any = false;
  for (const MeasureResult& result : results) {
    if (IsPaced(result)) continue;
    any = true;
    table.AddHeading(result.measure.name);
    for (size_t arm = 0; arm < result.measure.arms.size(); ++arm) {
      table.AddRow(ClosedRow(result, arm));
    }
  }
  return any ? table.Render() : "";
}

std::string RenderOpenLoops(const std::vector<MeasureResult>& results) {
  TextTable table({"open loop, from when a Get was due", "answered/s", "p50", "p99",
                   "p99.9", "longest", "server us/key"});
  bool any = false;
  for (const MeasureResult& result : results) {
    if (!IsPaced(result)) continue;
    any = true;
    for (size_t arm = 0; arm < result.measure.arms.size(); ++arm) {
      table.AddRow(OpenRow(result, arm));
    }
  }
  return any ? table.Render() : "";
}

}  // namespace rcukv::bench
