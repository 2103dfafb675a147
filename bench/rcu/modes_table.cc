#include "bench/rcu/modes_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/rcu/modes_options.h"
#include "bench/rcu/plan.h"
#include "bench/statistics.h"
#include "loadtest/base/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::TextTable;

constexpr char kExplanation[] =
    "One load under each membarrier mode. Expedited calls interrupt every CPU that runs "
    "a thread; adaptive makes them for callers that wait, within its budget: expedited's "
    "latency with fewer interrupts, paid for by what is retired, which waits longer. "
    "Interrupts are those of the whole machine; how many there were before the load "
    "tells "
    "how many are others'.\n";
constexpr size_t kColumns = 90;

std::string TitleOf(const ModesLoadOptions& load) {
  return absl::StrFormat("%d readers, %s syncs/s, %s retires/s", load.readers,
                         loadtest::ShortNumber(load.syncs_per_second),
                         loadtest::ShortNumber(load.retires_per_second));
}

// Figures of a sample that stand in one cell.
struct Row {
  const char* title;
  std::vector<std::string> figures;
};

std::vector<Row> Rows() {
  return {{"reads/s", {"reads_per_second"}},
          {"Synchronize: calls/s", {"writes_per_second"}},
          {"  us, p50 / p99", {"sync_p50_us", "sync_p99_us"}},
          {"  us since due, p50 / p99", {"sync_due_p50_us", "sync_due_p99_us"}},
          {"Retire to reclaim: ms, p50 / p99", {"reclaim_p50_ms", "reclaim_p99_ms"}},
          {"membarrier: expedited/s", {"expedited_per_second"}},
          {"  non-expedited/s", {"non_expedited_per_second"}},
          {"  global-expedited/s", {"global_expedited_per_second"}},
          {"interrupts (IPIs)/s", {"interrupts_per_second"}},
          {"  before the load", {"interrupts_per_second_before"}}};
}

// Null: not measured.
const MeasureResult* Find(const std::vector<MeasureResult>& results,
                          const ModeColumn& column) {
  const auto found = std::find_if(
      results.begin(), results.end(),
      [&](const MeasureResult& r) { return r.measure.name == ModeMeasureName(column); });
  return found == results.end() || found->samples[0].empty() ? nullptr : &*found;
}

std::string Cell(const MeasureResult& result, const std::vector<std::string>& figures) {
  std::string cell;
  for (const std::string& figure : figures) {
    const Summary summary = SummaryOf(ValuesOf(result.samples[0], figure));
    absl::StrAppend(&cell, cell.empty() ? "" : " / ",
                    summary.count == 0 ? "-" : loadtest::ShortNumber(summary.median));
  }
  return cell;
}

}  // namespace

std::string RenderModes(const std::vector<MeasureResult>& results) {
  std::vector<std::string> header = {TitleOf(ModesLoadOptions())};
  std::vector<const MeasureResult*> columns;
  for (const ModeColumn& column : kModes) {
    const MeasureResult* result = Find(results, column);
    if (result == nullptr) continue;
    columns.push_back(result);
    header.push_back(column.name);
  }
  if (columns.empty()) return "";
  TextTable table(header);
  for (const Row& row : Rows()) {
    std::vector<std::string> cells = {row.title};
    for (const MeasureResult* result : columns) {
      cells.push_back(Cell(*result, row.figures));
    }
    table.AddRow(std::move(cells));
  }
  return loadtest::Wrapped(kExplanation, kColumns) + table.Render();
}

}  // namespace rcukv::bench
