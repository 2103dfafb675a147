#include "bench/figure_table.h"

#include "absl/strings/str_format.h"
#include "loadtest/text_table.h"

namespace rcukv::bench {
namespace {

constexpr char kNothing[] = "-";
constexpr double kNanosecondsPerMicrosecond = 1000;

std::string Cell(const FigureColumn& column, const Samples& samples) {
  const Summary summary = SummaryOf(ValuesOf(samples, column.figure));
  return summary.count == 0 ? kNothing : column.format(summary.*column.which);
}

std::vector<std::string> Row(const MeasureResult& result, size_t arm,
                             const std::vector<FigureColumn>& columns) {
  std::vector<std::string> cells = {result.measure.arms[arm].label};
  for (const FigureColumn& column : columns) {
    cells.push_back(Cell(column, result.samples[arm]));
  }
  return cells;
}

}  // namespace

std::string RenderFigures(const std::string& heading,
                          const std::vector<FigureColumn>& columns,
                          const std::vector<MeasureResult>& results,
                          const std::function<bool(const MeasureResult&)>& wanted) {
  std::vector<std::string> headings = {heading};
  for (const FigureColumn& column : columns) headings.push_back(column.heading);
  loadtest::TextTable table(headings);
  bool any = false;
  for (const MeasureResult& result : results) {
    if (!wanted(result)) continue;
    any = true;
    table.AddHeading(result.measure.name);
    for (size_t arm = 0; arm < result.measure.arms.size(); ++arm) {
      table.AddRow(Row(result, arm, columns));
    }
  }
  return any ? table.Render() : "";
}

std::string DurationOfUs(double us) {
  return loadtest::ShortDuration(us * kNanosecondsPerMicrosecond);
}

std::string TwoDecimals(double value) { return absl::StrFormat("%.2f", value); }

}  // namespace rcukv::bench
