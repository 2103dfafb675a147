#include "loadtest/compare/writer_charts.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/case_groups.h"

namespace rcukv::loadtest {
namespace {

// What is drawn against the writes.
struct Latency {
  Figure figure;
  // Of letters and digits.
  const char* id;
  const char* title;
};

constexpr Latency kLatencies[] = {
    {&Sample::call_p50_ns, "p50", "The readers' p50"},
    {&Sample::call_p99_ns, "p99", "The readers' p99"},
    {&Sample::call_p999_ns, "p999", "The readers' p99.9"},
    {&Sample::grace_period_mean_ns, "gp", "Grace periods, their mean"},
};

constexpr char kText[] =
    "By the writes that were done, which may be fewer than were asked for: a line that "
    "ends further to the left is of a strategy that could not keep up.";

// Where one case with one strategy stands. Nothing where the figure was not measured, or
// cannot be drawn on axes that have no 0.
std::optional<Point> PointOf(const CaseResult& result, size_t strategy, Figure figure) {
  const Spread writes = SpreadOfFigure(result, strategy, &Sample::writes_per_second);
  const Spread latency = SpreadOfFigure(result, strategy, figure);
  if (latency.count == 0 || writes.count == 0) return std::nullopt;
  if (latency.median <= 0 || writes.median <= 0) return std::nullopt;
  return Point{.x = writes.median, .y = latency.median};
}

Line LineOf(const Comparison& comparison, const CaseGroup& group, size_t strategy,
            Figure figure) {
  Line line = {.name = comparison.strategies[strategy].name};
  for (const CaseResult* const result : group.cases) {
    if (const auto point = PointOf(*result, strategy, figure)) {
      line.points.push_back(*point);
    }
  }
  return line;
}

// "1.62 ms at 998/s", by strategy and case.
Table TableOf(const Comparison& comparison, const CaseGroup& group, Figure figure) {
  Table table = {.columns = {""}};
  for (const CaseResult* const result : group.cases) {
    table.columns.push_back(LabelOf(result->info));
  }
  for (size_t i = 0; i < comparison.strategies.size(); ++i) {
    std::vector<std::string> row = {comparison.strategies[i].name};
    for (const CaseResult* const result : group.cases) {
      const auto point = PointOf(*result, i, figure);
      row.push_back(point ? absl::StrFormat("%s at %s/s", ShortDuration(point->y),
                                            ShortNumber(point->x))
                          : "-");
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Of all points of all groups: what their charts have in common.
struct Scale {
  std::vector<double> x;
  std::vector<double> y;
};

Scale ScaleOf(const Comparison& comparison, const LayerResult& layer, Figure figure) {
  Scale scale;
  for (const CaseResult& result : layer.cases) {
    for (size_t i = 0; i < comparison.strategies.size(); ++i) {
      const auto point = PointOf(result, i, figure);
      if (!point) continue;
      scale.x.push_back(point->x);
      scale.y.push_back(point->y);
    }
  }
  return scale;
}

Chart ChartOf(const Comparison& comparison, const CaseGroup& group,
              const Latency& latency, const Scale& scale) {
  Chart chart = {
      .id = absl::StrFormat("%s-%s", latency.id,
                            absl::StrReplaceAll(group.name, {{"_", "-"}})),
      .title = absl::StrFormat("%s, with %s", latency.title, group.name),
      .text = kText,
      .x = {.kind = Axis::kWideRate, .title = "writes/s done", .within = scale.x},
      .y = {.kind = Axis::kLatency, .title = "", .within = scale.y},
      .table = TableOf(comparison, group, latency.figure)};
  for (size_t i = 0; i < comparison.strategies.size(); ++i) {
    Line line = LineOf(comparison, group, i, latency.figure);
    if (!line.points.empty()) chart.lines.push_back(std::move(line));
  }
  return chart;
}

}  // namespace

std::vector<Chart> WriterCharts(const Comparison& comparison, const LayerResult& layer) {
  std::vector<Chart> charts;
  for (const Latency& latency : kLatencies) {
    const Scale scale = ScaleOf(comparison, layer, latency.figure);
    for (const CaseGroup& group : GroupsOf(layer)) {
      charts.push_back(ChartOf(comparison, group, latency, scale));
    }
  }
  return charts;
}

}  // namespace rcukv::loadtest
