#include "loadtest/compare/report_table.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

constexpr char kNothing[] = "-";
constexpr size_t kColumns = 90;

std::string Ratio(const Spread& ratio) {
  if (ratio.count == 0) return kNothing;
  if (ratio.count == 1) return absl::StrFormat("%.2f", ratio.median);
  return absl::StrFormat("%.2f (%.2f-%.2f)", ratio.median, ratio.low, ratio.high);
}

std::string GracePeriod(const ArmResult& arm, double ns) {
  return arm.samples.empty() || !HasGracePeriods(arm) ? kNothing : ShortDuration(ns);
}

// Adds rows to the table of one comparison.
class Rows {
 public:
  explicit Rows(const Comparison& comparison)
      : comparison_(comparison), table_(Header(comparison)) {}

  void Heading(std::string text) { table_.AddHeading(std::move(text)); }

  void Medians(const std::string& name, Measure measure, std::string (*show)(double)) {
    AddRow(name, [&](const ArmResult& arm) {
      const Spread spread = SpreadOfMeasure(arm, measure);
      return spread.count == 0 ? kNothing : show(spread.median);
    });
  }

  void Ratios(const std::string& of_what, Measure measure) {
    const ArmResult& base = BaseOf(comparison_);
    AddRow("  " + of_what + " to " + base.strategy.name, [&](const ArmResult& arm) {
      return &arm == &base ? "1" : Ratio(SpreadOfRatio(arm, base, measure));
    });
  }

  template <Sections kWay>
  void Lookups() {
    Medians("  reads/s", LookupsPerSecond<kWay>, ShortNumber);
    Ratios("ratio", LookupsPerSecond<kWay>);
    Medians("  CPU a read", LookupNs<kWay>, ShortDuration);
    Ratios("by CPU", LookupsPerCpuSecond<kWay>);
    Medians("  writes/s", LookupWrites<kWay>, ShortNumber);
  }

  void GracePeriods() {
    AddRow("  median", [](const ArmResult& arm) {
      return GracePeriod(arm, SpreadOfMeasure(arm, GracePeriodP50).median);
    });
    AddRow("  longest", [](const ArmResult& arm) {
      return GracePeriod(arm, LargestOfMeasure(arm, GracePeriodMax));
    });
    AddRow("  expedited calls/s", [](const ArmResult& arm) {
      const bool has_membarrier =
          arm.strategy.membarrier_mode != v1::MEMBARRIER_MODE_UNSPECIFIED;
      return arm.samples.empty() || !has_membarrier
                 ? kNothing
                 : ShortNumber(SpreadOfMeasure(arm, ExpeditedPerSecond).median);
    });
  }

  std::string Render() const { return table_.Render(); }

 private:
  static std::vector<std::string> Header(const Comparison& comparison) {
    std::vector<std::string> header = {""};
    for (const ArmResult& arm : comparison.arms) header.push_back(arm.strategy.name);
    return header;
  }

  template <class Cell>
  void AddRow(const std::string& name, Cell cell) {
    std::vector<std::string> row = {name};
    for (const ArmResult& arm : comparison_.arms) row.push_back(cell(arm));
    table_.AddRow(std::move(row));
  }

  const Comparison& comparison_;
  TextTable table_;
};

std::string Caption(const Comparison& comparison) {
  const CompareOptions& options = comparison.options;
  size_t rounds = 0;
  for (const ArmResult& arm : comparison.arms) {
    rounds = std::max(rounds, arm.samples.size());
  }
  return Wrapped(
      absl::StrFormat(
          "%s entries of %s bytes, %s writes/s meanwhile. Medians of %d rounds; a ratio "
          "is "
          "taken within a round; in brackets %s. By CPU: reads a second of CPU time, "
          "which "
          "other programs on the machine disturb less; waiting for a lock takes none.",
          GroupedNumber(static_cast<uint64_t>(options.entries)),
          GroupedNumber(static_cast<uint64_t>(options.value_bytes)),
          ShortNumber(options.writes_per_second), rounds,
          rounds < Spread::kMinCountForInterval
              ? "the smallest and the largest"
              : "where its median lies with a probability of 95 %"),
      kColumns);
}

}  // namespace

std::string RenderTable(const Comparison& comparison) {
  const CompareOptions& options = comparison.options;
  Rows rows(comparison);
  rows.Heading(absl::StrFormat(
      "gRPC: BatchGet of %d keys, closed loop of %d connections x %d calls",
      options.batch, options.connections, options.in_flight));
  rows.Medians("  reads/s", GrpcReadsPerSecond, ShortNumber);
  rows.Ratios("ratio", GrpcReadsPerSecond);
  rows.Medians("  call p50", GrpcLatencyP50, ShortDuration);
  rows.Medians("  call p99", GrpcLatencyP99, ShortDuration);
  rows.Medians("  server CPU a read", GrpcServerCpu, ShortDuration);
  rows.Ratios("by CPU", GrpcReadsPerCpuSecond);
  rows.Medians("  writes/s", GrpcWrites, ShortNumber);
  const uint64_t most_keys =
      options.distinct_keys == 0 ? 100'000 : static_cast<uint64_t>(options.distinct_keys);
  const std::string keys =
      GroupedNumber(std::min(most_keys, static_cast<uint64_t>(options.entries)));
  rows.Heading(absl::StrFormat(
      "In the server: %s keys over and over, ten read-side sections a key", keys));
  rows.Lookups<Sections::kTenAKey>();
  rows.Heading("In the server: the same, one section a key");
  rows.Lookups<Sections::kOneAKey>();
  rows.Heading(absl::StrFormat("In the server: the same, one section a batch of %d",
                               options.batch));
  rows.Lookups<Sections::kOneABatch>();
  rows.Heading("Grace periods, under the gRPC load");
  rows.GracePeriods();
  return Caption(comparison) + "\n" + rows.Render();
}

}  // namespace rcukv::loadtest
