#include "bench/map/tables.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/map/plan.h"
#include "bench/map/row.h"
#include "bench/statistics.h"
#include "loadtest/base/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortDuration;
using loadtest::ShortNumber;
using loadtest::TextTable;

constexpr char kNothing[] = "-";

bool IsGrowth(const MeasureResult& result) {
  return absl::StartsWith(result.measure.name, "map.growth.");
}

Summary SummaryOfArm(const MeasureResult& result, size_t arm, const std::string& figure) {
  return SummaryOf(ValuesOf(result.samples[arm], figure));
}

template <class Format>
std::string Cell(const MeasureResult& result, size_t arm, const std::string& figure,
                 Format format) {
  const Summary summary = SummaryOfArm(result, arm, figure);
  return summary.count == 0 ? kNothing : format(summary.median);
}

// How long it took, or how far it came in the time that it had.
std::string GrowthCell(const MeasureResult& result, size_t arm) {
  const std::string unfinished = Cell(
      result, arm, "unfinished_growth_entries",
      [](double entries) { return absl::StrFormat("only %s", ShortNumber(entries)); });
  if (unfinished != kNothing) return unfinished;
  return Cell(result, arm, "growth_seconds",
              [](double seconds) { return absl::StrFormat("%.1f s", seconds); });
}

// Those that any arm has a figure of.
std::set<Row> RowsOf(const MeasureResult& result) {
  std::set<Row> rows;
  for (const Samples& samples : result.samples) {
    if (samples.empty()) continue;
    for (const auto& [name, value] : samples[0]) {
      if (const auto row = ParseRow(name); row.ok()) rows.insert(*row);
    }
  }
  return rows;
}

// One figure of every row.
struct RowFigure {
  const char* unit;
  std::string (*name)(const Row&);
};

std::string RenderRowsOf(const MeasureResult& result, const RowFigure& figure) {
  const std::set<Row> rows = RowsOf(result);
  if (rows.empty()) return "";
  std::vector<std::string> header = {figure.unit};
  for (const Arm& arm : result.measure.arms) header.push_back(arm.label);
  TextTable table(header);
  table.AddHeading(result.measure.name);
  for (const Row& row : rows) {
    std::vector<std::string> cells = {ToString(row)};
    for (size_t arm = 0; arm < result.measure.arms.size(); ++arm) {
      cells.push_back(Cell(result, arm, figure.name(row), ShortNumber));
    }
    table.AddRow(cells);
  }
  return table.Render();
}

std::string RenderFigure(const std::vector<MeasureResult>& results,
                         const RowFigure& figure) {
  std::vector<std::string> tables;
  for (const MeasureResult& result : results) {
    if (std::string table = RenderRowsOf(result, figure); !table.empty()) {
      tables.push_back(std::move(table));
    }
  }
  return absl::StrJoin(tables, "\n");
}

std::string Bytes(double bytes) { return absl::StrFormat("%.1f", bytes); }

void AddMemoryRows(const MeasureResult& result, TextTable& table) {
  table.AddHeading(absl::StrCat(result.measure.name,
                                IsGrowth(result) ? ", grown from empty" : ", presized"));
  for (size_t arm = 0; arm < result.measure.arms.size(); ++arm) {
    table.AddRow({result.measure.arms[arm].label,
                  Cell(result, arm, "overhead_bytes_per_entry", Bytes),
                  Cell(result, arm, "resident_bytes_per_entry", Bytes),
                  Cell(result, arm, "allocator_bytes_per_entry", Bytes),
                  Cell(result, arm, "allocated_bytes_per_entry", Bytes)});
  }
}

// Of the largest table, of which alone it is asked.
std::string RenderMemoryTarget(const MeasureResult& result) {
  const Summary ours = SummaryOfArm(result, 0, "overhead_bytes_per_entry");
  if (ours.count == 0 ||
      !absl::EndsWith(result.measure.name, absl::StrCat(".", kSizes.back()))) {
    return "";
  }
  return absl::StrFormat("%s: rcukv has %.1f bytes over key and value, of %g: %s\n",
                         result.measure.name, ours.median, kMaxOverheadBytes,
                         ours.median <= kMaxOverheadBytes ? "met" : "MISSED");
}

}  // namespace

std::string RenderRows(const std::vector<MeasureResult>& results) {
  return RenderFigure(results, {"operations/s", ToString});
}

std::string RenderCpu(const std::vector<MeasureResult>& results) {
  return RenderFigure(results, {"CPU ns an operation", CpuFigureOf});
}

std::string RenderMapMemory(const std::vector<MeasureResult>& results) {
  TextTable table({"bytes an entry", "resident over key and value", "resident",
                   "jemalloc's of that", "jemalloc gave out"});
  std::string targets;
  for (const MeasureResult& result : results) {
    AddMemoryRows(result, table);
    targets += RenderMemoryTarget(result);
  }
  return results.empty() ? "" : table.Render() + targets;
}

std::string RenderGrowth(const std::vector<MeasureResult>& results) {
  TextTable table({"a read while it grows", "p50", "p99.9", "longest", "its CPU below",
                   "slept", "no map: p99.9", "longest", "growth"});
  bool any = false;
  for (const MeasureResult& result : results) {
    if (!IsGrowth(result)) continue;
    any = true;
    table.AddHeading(result.measure.name);
    for (size_t arm = 0; arm < result.measure.arms.size(); ++arm) {
      std::vector<std::string> cells = {result.measure.arms[arm].label};
      const auto add_durations = [&](std::initializer_list<const char*> figures) {
        for (const char* figure : figures) {
          cells.push_back(Cell(result, arm, figure, ShortDuration));
        }
      };
      add_durations({"read_p50_ns", "read_p999_ns", "read_max_ns", "longest_cpu_ns"});
      cells.push_back(Cell(result, arm, "reader_sleeps", ShortNumber));
      add_durations({"gap_p999_ns", "gap_max_ns"});
      cells.push_back(GrowthCell(result, arm));
      table.AddRow(cells);
    }
  }
  return any ? table.Render() : "";
}

}  // namespace rcukv::bench
