#include "loadtest/flip/flip_charts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/flip/flip_summary.h"

namespace rcukv::loadtest {
namespace {

// One chart.
struct Quantity {
  const char* id;
  const char* title;
  const char* text;
  Axis::Kind kind;
  const char* axis;
  FlipMeasure measure;
};

constexpr Quantity kQuantities[] = {
    {"reads", "Reads", "Reads answered a second; as many are asked for all the time.",
     Axis::kRate, "reads/s", flip::ReadRate},
    {"read-p50", "Read latency: p50",
     "What half of a sample's reads did not exceed, from when they were due.",
     Axis::kLatency, "latency", flip::ReadP50},
    {"read-p99", "Read latency: p99",
     "What 99 in 100 of a sample's reads did not exceed, from when they were due.",
     Axis::kLatency, "latency", flip::ReadP99},
    {"read-p999", "Read latency: p99.9",
     "What 999 in 1000 of a sample's reads did not exceed, from when they were due.",
     Axis::kLatency, "latency", flip::ReadP999},
    {"writes", "Writes", "Writes answered a second; as many are asked for all the time.",
     Axis::kRate, "writes/s", flip::WriteRate},
    {"write-p99", "Write latency: p99",
     "What 99 in 100 of a sample's writes did not exceed, from when they were due. With "
     "synchronize a write waits for a grace period.",
     Axis::kLatency, "latency", flip::WriteP99},
    {"grace-periods", "Grace periods",
     "How long the grace periods that ended in a sample took, in the mean. Where there "
     "is "
     "no point none ended.",
     Axis::kLatency, "latency", flip::GracePeriodMean},
    {"backlog", "Backlog",
     "Bytes of replaced entries that waited to be freed at the end of a sample.",
     Axis::kRate, "bytes", flip::BacklogBytes},
    {"interrupts", "Interrupts",
     "Function call interrupts of the whole machine, whoever caused them.", Axis::kRate,
     "interrupts/s", flip::InterruptRate},
};

// A latency of 0, and a logarithm, do not go together.
double Drawn(const Quantity& quantity, double value) {
  return quantity.kind == Axis::kLatency && !(value > 0) ? flip::kNone : value;
}

// A sample as a phase of its own, so that what measures the one measures the other.
FlipPhase AsPhase(const FlipSample& sample) {
  return {.figures = sample.figures, .backlog_bytes_max = sample.figures.backlog_bytes};
}

// A point stands in the middle of its sample.
void AppendSamples(const FlipResult& result, size_t number, const Quantity& quantity,
                   std::vector<Point>& points) {
  for (const FlipSample& sample : result.samples) {
    if (sample.phase != number) continue;
    points.push_back({.x = sample.at - sample.figures.seconds / 2,
                      .y = Drawn(quantity, quantity.measure(AsPhase(sample)))});
  }
}

Line LineOf(const FlipResult& result, size_t setting, const Quantity& quantity) {
  Line line = {.name = NameOf(result.options.settings[setting])};
  const bool samples = result.samples.size() <= kMostDrawnSamples;
  for (size_t number = 0; number < result.phases.size(); ++number) {
    const FlipPhase& phase = result.phases[number];
    if (phase.setting != setting) continue;
    if (samples) {
      AppendSamples(result, number, quantity, line.points);
    } else if (phase.complete) {
      line.points.push_back({.x = (phase.from + phase.to) / 2,
                             .y = Drawn(quantity, quantity.measure(phase))});
    }
    // Until it is in force again there is a gap.
    line.points.push_back({.x = phase.to, .y = flip::kNone});
  }
  return line;
}

bool IsDrawn(const Line& line) {
  return std::any_of(line.points.begin(), line.points.end(),
                     [](const Point& point) { return std::isfinite(point.y); });
}

std::string Show(const Quantity& quantity, double value) {
  if (!std::isfinite(value)) return "-";
  return quantity.kind == Axis::kLatency ? ShortDuration(value) : ShortNumber(value);
}

Table TableOf(const FlipResult& result, const Quantity& quantity) {
  Table table = {.columns = {"from", "setting", "round", quantity.axis}};
  for (const FlipPhase& phase : result.phases) {
    table.rows.push_back(
        {absl::StrFormat("%.1f s", phase.from),
         NameOf(result.options.settings[phase.setting]),
         absl::StrFormat("%d", phase.round + 1),
         phase.complete ? Show(quantity, quantity.measure(phase)) : "cut short"});
  }
  return table;
}

std::vector<Band> Bands(const FlipResult& result) {
  std::vector<Band> bands;
  for (size_t number = 1; number < result.phases.size(); number += 2) {
    const FlipPhase& phase = result.phases[number];
    bands.push_back({.name = NameOf(result.options.settings[phase.setting]),
                     .from = phase.from,
                     .to = phase.to});
  }
  return bands;
}

Chart ChartOf(const FlipResult& result, const Quantity& quantity) {
  Chart chart = {
      .id = quantity.id,
      .title = quantity.title,
      .text = std::string(quantity.text) +
              " Where the ground changes the setting was switched; the table has a row "
              "for each phase, without what followed directly upon the switch.",
      .x = {.kind = Axis::kTime,
            .title = "time since the first phase began",
            .within = {result.phases.empty() ? 1 : result.phases.back().to}},
      .y = {.kind = quantity.kind, .title = quantity.axis},
      .bands = Bands(result),
      .table = TableOf(result, quantity)};
  for (size_t setting = 0; setting < result.options.settings.size(); ++setting) {
    Line line = LineOf(result, setting, quantity);
    if (IsDrawn(line)) chart.lines.push_back(std::move(line));
  }
  return chart;
}

}  // namespace

std::vector<Chart> FlipCharts(const FlipResult& result) {
  std::vector<Chart> charts;
  for (const Quantity& quantity : kQuantities) {
    charts.push_back(ChartOf(result, quantity));
  }
  std::erase_if(charts, [](const Chart& chart) { return chart.lines.empty(); });
  return charts;
}

}  // namespace rcukv::loadtest
