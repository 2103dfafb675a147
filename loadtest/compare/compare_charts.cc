#include "loadtest/compare/compare_charts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/budget.h"
#include "loadtest/compare/case_groups.h"
#include "loadtest/compare/dilution.h"
#include "loadtest/compare/report_table.h"

namespace rcukv::loadtest {
namespace {

constexpr char kHowToReadBars[] =
    "Bars begin at 1, which is no difference; to the right is better. The line along a "
    "bar is where its median lies with a probability of 95 %; where that has 1 in it the "
    "bar is hollow: the difference is within the noise. Without a line there were too "
    "few rounds.";
constexpr char kInShort[] =
    "To the right of 1 is better; a hollow bar is within the noise; no line along it: "
    "too few rounds.";

// Never of a few percent alone: a difference of these, which is mostly noise, is to look
// like what it is.
Axis TimesAxis(std::string title) {
  return {.kind = Axis::kTimes, .title = std::move(title), .within = {0.6, 1.9}};
}

// The bar of a speed-up in row `row`; none where there is no speed-up.
void AddBar(const Spread& speedup, size_t row, Line& line) {
  if (speedup.count == 0 || speedup.median <= 0) return;
  Point point = {.x = speedup.median, .y = static_cast<double>(row)};
  if (speedup.count >= Spread::kMinCountForInterval) {
    point.interval = Interval{speedup.low, speedup.high};
  }
  line.points.push_back(point);
}

// Of the layer's first speed-up.
Figure SpeedupFigure(const LayerInfo& info) {
  const auto column =
      std::find_if(info.columns.begin(), info.columns.end(),
                   [](const Column& one) { return one.kind == Column::kSpeedup; });
  return column == info.columns.end() ? &Sample::reads_per_second : column->figure;
}

std::string TitleOfSpeedup(Figure figure, const CaseGroup& group) {
  const std::string what =
      figure == &Sample::call_p99_ns ? "The readers' p99" : "Reads/s";
  return group.name.empty() ? what : absl::StrFormat("%s: %s", what, group.name);
}

// All strategies but the base, from top to bottom.
std::vector<size_t> RowsOf(const Comparison& comparison) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < comparison.strategies.size(); ++i) {
    if (i != BaseOf(comparison)) rows.push_back(i);
  }
  return rows;
}

Line BarsOf(const CaseResult& result, const std::string& name, Figure figure,
            const std::vector<size_t>& rows, size_t base) {
  Line line = {.name = name};
  for (size_t row = 0; row < rows.size(); ++row) {
    AddBar(SpreadOfSpeedup(result, rows[row], base, figure), row, line);
  }
  return line;
}

Chart SpeedupChart(const Comparison& comparison, const LayerInfo& info,
                   const CaseGroup& group, std::string id) {
  const size_t base = BaseOf(comparison);
  const std::vector<size_t> rows = RowsOf(comparison);
  const Figure figure = SpeedupFigure(info);
  Chart chart = {.id = std::move(id),
                 .title = TitleOfSpeedup(figure, group),
                 .text = kInShort,
                 .x = TimesAxis(absl::StrFormat("how many times as good as with %s",
                                                comparison.strategies[base].name)),
                 .y = {.kind = Axis::kNames},
                 .table = LayerTable(comparison, info, group.cases)};
  for (const size_t i : rows) chart.y.names.push_back(comparison.strategies[i].name);
  for (const CaseResult* const result : group.cases) {
    chart.lines.push_back(BarsOf(*result, LabelOf(result->info), figure, rows, base));
  }
  return chart;
}

// Whose part of the whole is `ns`; none where the rounds do not show that there is one.
void AddShare(const BudgetPart& part, const Spread& whole, size_t row, Line& line) {
  if (part.ns.count == 0 || part.ns.median <= 0) return;
  line.points.push_back(
      {.x = 100 * part.ns.median / whole.median, .y = static_cast<double>(row)});
}

// Where the rows of stacked bars end: medians may come to more than the whole.
std::vector<double> RowSums(const std::vector<Line>& lines, size_t rows) {
  std::vector<double> sums(rows, 0);
  for (const Line& line : lines) {
    for (const Point& point : line.points) sums[static_cast<size_t>(point.y)] += point.x;
  }
  return sums;
}

}  // namespace

std::vector<Chart> SpeedupCharts(const Comparison& comparison, const LayerResult& layer) {
  std::vector<Chart> charts;
  for (const CaseGroup& group : GroupsOf(layer)) {
    charts.push_back(
        SpeedupChart(comparison, layer.info, group,
                     absl::StrFormat("layer-%d-%d", layer.info.number, charts.size())));
  }
  return charts;
}

Chart DilutionChart(const Comparison& comparison) {
  Chart chart = {.id = "dilution", .y = {.kind = Axis::kNames}};
  const std::vector<DilutionStep> steps = DilutionOf(comparison);
  if (steps.empty()) return chart;
  const std::string& without = comparison.strategies[*BarrierFree(comparison)].name;
  const std::string& with = comparison.strategies[BaseOf(comparison)].name;
  chart.title = absl::StrFormat("%s over %s, layer by layer", without, with);
  chart.text = absl::StrFormat(
      "The same two strategies at each work; its number is its layer's. The more is done "
      "beside a section, the less of it is a barrier. %s",
      kHowToReadBars);
  chart.x = TimesAxis(absl::StrFormat("how many times as fast as with %s", with));
  chart.table = DilutionTable(steps);
  Line by_clock = {.name = "reads/s"};
  Line by_cpu = {.name = "reads for a second of CPU time"};
  for (size_t row = 0; row < steps.size(); ++row) {
    chart.y.names.push_back(
        absl::StrFormat("%d: %s", steps[row].layer, steps[row].title));
    AddBar(steps[row].by_clock, row, by_clock);
    AddBar(steps[row].by_cpu, row, by_cpu);
  }
  chart.lines = {std::move(by_clock), std::move(by_cpu)};
  return chart;
}

Chart BudgetChart(const Comparison& comparison) {
  Chart chart = {.id = "budget", .y = {.kind = Axis::kNames}, .stacked = true};
  const std::vector<CallBudget> budgets = BudgetOf(comparison);
  if (budgets.empty()) return chart;
  chart.title = BudgetTitle(comparison);
  chart.text = "A barrier that is too small to be seen is drawn two pixels wide. " +
               BudgetWords(budgets);
  chart.x = {.kind = Axis::kPercent, .title = "of the call's CPU time"};
  chart.table = BudgetTable(budgets);
  for (const CallBudget& budget : budgets) {
    chart.y.names.push_back(absl::StrFormat("%d %s: %s", budget.keys,
                                            budget.keys == 1 ? "key" : "keys",
                                            ShortDuration(budget.total_ns.median)));
  }
  // The barrier first: beside the axis it can be seen however small it is.
  for (size_t i = budgets.front().parts.size(); i-- > 0;) {
    Line line = {.name = budgets.front().parts[i].name};
    for (size_t row = 0; row < budgets.size(); ++row) {
      AddShare(budgets[row].parts[i], budgets[row].total_ns, row, line);
    }
    if (!line.points.empty()) chart.lines.push_back(std::move(line));
  }
  chart.x.within = RowSums(chart.lines, budgets.size());
  return chart;
}

}  // namespace rcukv::loadtest
