#include "bench/rcu/tables.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/rcu/plan.h"
#include "bench/statistics.h"
#include "loadtest/base/text_table.h"

namespace rcukv::bench {
namespace {

using loadtest::ShortNumber;
using loadtest::TextTable;

constexpr char kNothing[] = "-";
constexpr double kMiB = 1 << 20;
constexpr size_t kOurs = 0;
constexpr size_t kTheirs = 1;

const MeasureResult* Find(const std::vector<MeasureResult>& results,
                          const std::string& name) {
  const auto found =
      std::find_if(results.begin(), results.end(),
                   [&](const MeasureResult& r) { return r.measure.name == name; });
  return found == results.end() ? nullptr : &*found;
}

Summary SummaryOfArm(const MeasureResult& result, size_t arm, const std::string& figure) {
  return SummaryOf(ValuesOf(result.samples[arm], figure));
}

std::string PerSecond(const MeasureResult& result, size_t arm,
                      const std::string& figure) {
  const Summary summary = SummaryOfArm(result, arm, figure);
  return summary.count == 0 ? kNothing : ShortNumber(summary.median);
}

std::string MiB(const MeasureResult& result, size_t arm, const std::string& figure) {
  const Summary summary = SummaryOfArm(result, arm, figure);
  if (summary.count == 0) return kNothing;
  return absl::StrFormat("%.0f", summary.median / kMiB);
}

std::string MembarrierCell(const std::vector<MeasureResult>& results, const char* command,
                           int64_t busy) {
  const MeasureResult* result = Find(results, MembarrierMeasureName(command, busy));
  if (result == nullptr || result->samples[kOurs].empty()) return kNothing;
  return absl::StrFormat("%.2f / %.2f", SummaryOfArm(*result, kOurs, "median_us").median,
                         SummaryOfArm(*result, kOurs, "mean_us").median);
}

}  // namespace

std::string RenderPatchTable(const std::vector<MeasureResult>& results) {
  TextTable table({"6 readers, 2 writers", "reads/s", "liburcu", "patch", "writes/s",
                   "liburcu", "patch"});
  bool any = false;
  for (const PatchRow& row : kPatchTable) {
    const MeasureResult* result = Find(results, TableMeasureName(row));
    if (result == nullptr) continue;
    any = true;
    table.AddRow({row.flavor, PerSecond(*result, kOurs, "reads_per_second"),
                  PerSecond(*result, kTheirs, "reads_per_second"),
                  ShortNumber(row.reads / kPatchSeconds),
                  PerSecond(*result, kOurs, "writes_per_second"),
                  PerSecond(*result, kTheirs, "writes_per_second"),
                  ShortNumber(row.writes / kPatchSeconds)});
  }
  if (!any) return "";
  return "The table of the sys_membarrier patch. Its figures are of 2015 and an 8-core "
         "Xeon E5405:\ncompare rows, not machines.\n" +
         table.Render();
}

std::string RenderMemory(const std::vector<MeasureResult>& results) {
  TextTable table({"MiB", "peak", "liburcu", "beyond what is retired", "liburcu"});
  bool any = false;
  for (const MeasureResult& result : results) {
    if (!absl::StartsWith(result.measure.name, "rcu.retire")) continue;
    any = true;
    table.AddRow({result.measure.name, MiB(result, kOurs, "peak_rss_bytes"),
                  MiB(result, kTheirs, "peak_rss_bytes"),
                  MiB(result, kOurs, "peak_over_start_bytes"),
                  MiB(result, kTheirs, "peak_over_start_bytes")});
  }
  if (!any) return "";
  return "Memory resident at most while objects are retired; and by how much that "
         "exceeds "
         "what was\nthere before the first Retire.\n" +
         table.Render();
}

std::string RenderMembarrier(const std::vector<MeasureResult>& results) {
  std::vector<std::string> header = {"membarrier, us: median / mean"};
  for (const int64_t busy : kBusyThreads) header.push_back(absl::StrCat(busy, " busy"));
  TextTable table(header);
  bool any = false;
  for (const char* command : kMembarrierCommands) {
    std::vector<std::string> row = {command};
    for (const int64_t busy : kBusyThreads) {
      row.push_back(MembarrierCell(results, command, busy));
      any |= row.back() != kNothing;
    }
    table.AddRow(row);
  }
  return any ? table.Render() : "";
}

}  // namespace rcukv::bench
