#include "loadtest/report.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "loadtest/measures.h"
#include "loadtest/statistics.h"
#include "loadtest/text_table.h"

namespace rcukv::loadtest {
namespace {

constexpr char kNothing[] = "-";

constexpr size_t kColumns = 90;

// What the others are compared with: mb, or the first one where that was left out.
const ArmResult& BaseOf(const Comparison& comparison) {
  const auto mb =
      std::find_if(comparison.arms.begin(), comparison.arms.end(),
                   [](const ArmResult& arm) { return arm.strategy.flavor == v1::MB; });
  return mb == comparison.arms.end() ? comparison.arms.front() : *mb;
}

const ArmResult* Find(const Comparison& comparison, v1::Flavor flavor,
                      v1::MembarrierMode mode) {
  for (const ArmResult& arm : comparison.arms) {
    if (arm.strategy.flavor == flavor && arm.strategy.membarrier_mode == mode &&
        !arm.samples.empty()) {
      return &arm;
    }
  }
  return nullptr;
}

bool HasGracePeriods(const ArmResult& arm) { return arm.strategy.flavor != v1::RWLOCK; }

Spread SpreadOfMeasure(const ArmResult& arm, Measure measure) {
  return SpreadOf(Collect(arm.samples, measure));
}

Spread SpreadOfRatio(const ArmResult& arm, const ArmResult& base, Measure measure) {
  return SpreadOfRatios(Collect(arm.samples, measure), Collect(base.samples, measure));
}

std::string Ratio(const Spread& ratio) {
  if (ratio.count == 0) return kNothing;
  if (ratio.count == 1) return absl::StrFormat("%.2f", ratio.median);
  return absl::StrFormat("%.2f (%.2f-%.2f)", ratio.median, ratio.min, ratio.max);
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

  void Ratios(Measure measure) {
    const ArmResult& base = BaseOf(comparison_);
    AddRow("  ratio to " + base.strategy.name, [&](const ArmResult& arm) {
      return &arm == &base ? "1" : Ratio(SpreadOfRatio(arm, base, measure));
    });
  }

  void GracePeriods() {
    AddRow("  median", [](const ArmResult& arm) {
      const Spread p50 = SpreadOfMeasure(arm, GracePeriodP50);
      return p50.count == 0 || !HasGracePeriods(arm) ? kNothing
                                                     : ShortDuration(p50.median);
    });
    AddRow("  longest", [](const ArmResult& arm) {
      const Spread max = SpreadOfMeasure(arm, GracePeriodMax);
      return max.count == 0 || !HasGracePeriods(arm) ? kNothing : ShortDuration(max.max);
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
  for (const ArmResult& arm : comparison.arms)
    rounds = std::max(rounds, arm.samples.size());
  return absl::StrFormat(
      "%s entries of %s bytes, %s writes/s meanwhile; %s, ratios with their spread\n",
      GroupedNumber(static_cast<uint64_t>(options.entries)),
      GroupedNumber(static_cast<uint64_t>(options.value_bytes)),
      ShortNumber(options.writes_per_second),
      rounds == 1 ? "one round" : absl::StrFormat("medians of %d rounds", rounds));
}

}  // namespace

std::string RenderTable(const Comparison& comparison) {
  const CompareOptions& options = comparison.options;
  Rows rows(comparison);
  rows.Heading(absl::StrFormat(
      "gRPC: BatchGet of %d keys, closed loop of %d connections x %d calls",
      options.batch, options.connections, options.in_flight));
  rows.Medians("  reads/s", GrpcReadsPerSecond, ShortNumber);
  rows.Ratios(GrpcReadsPerSecond);
  rows.Medians("  call p50", GrpcLatencyP50, ShortDuration);
  rows.Medians("  call p99", GrpcLatencyP99, ShortDuration);
  rows.Medians("  server CPU a read", GrpcServerCpu, ShortDuration);
  rows.Medians("  writes/s", GrpcWrites, ShortNumber);
  rows.Heading("In the server: one read-side section a key");
  rows.Medians("  reads/s", PerKeyReadsPerSecond, ShortNumber);
  rows.Ratios(PerKeyReadsPerSecond);
  rows.Medians("  CPU a read", PerKeyNs, ShortDuration);
  rows.Medians("  writes/s", PerKeyWrites, ShortNumber);
  rows.Heading(
      absl::StrFormat("In the server: one section a batch of %d", options.batch));
  rows.Medians("  reads/s", PerBatchReadsPerSecond, ShortNumber);
  rows.Ratios(PerBatchReadsPerSecond);
  rows.Medians("  CPU a read", PerBatchNs, ShortDuration);
  rows.Medians("  writes/s", PerBatchWrites, ShortNumber);
  rows.Heading("Grace periods, under the gRPC load");
  rows.GracePeriods();
  return Caption(comparison) + "\n" + rows.Render();
}

namespace {

// "1.62 times (1.58-1.66)", "0.99 times (0.96-1.03: within the noise)".
std::string RatioInWords(const Spread& ratio) {
  return absl::StrFormat("%.2f times (%.2f-%.2f%s)", ratio.median, ratio.min, ratio.max,
                         ratio.Covers(1) ? ": within the noise" : "");
}

// How the reads of memb compare with those of the base.
std::string ReadsInWords(const ArmResult& arm, const ArmResult& base) {
  const Spread per_key = SpreadOfRatio(arm, base, PerKeyReadsPerSecond);
  const Spread per_batch = SpreadOfRatio(arm, base, PerBatchReadsPerSecond);
  const Spread grpc = SpreadOfRatio(arm, base, GrpcReadsPerSecond);
  if (per_key.count == 0) return "";
  return absl::StrFormat(
      "Reads a second of %s beside %s: with a section a key %s; with a section a batch "
      "%s; "
      "over gRPC %s.\n",
      arm.strategy.name, base.strategy.name, RatioInWords(per_key),
      RatioInWords(per_batch), RatioInWords(grpc));
}

// How much of a call over gRPC the reader's barriers can be.
std::string BarrierInWords(const ArmResult& arm, const ArmResult& base, int64_t batch) {
  const double saved_ns =
      SpreadOfMeasure(base, PerKeyNs).median - SpreadOfMeasure(arm, PerKeyNs).median;
  const double call_ns =
      SpreadOfMeasure(base, GrpcServerCpu).median * static_cast<double>(batch);
  if (saved_ns <= 0 || call_ns <= 0) return "";
  return absl::StrFormat(
      "A read with a section of its own takes %s of CPU less with %s than with %s; a "
      "call "
      "over gRPC has one section and takes the server %s of CPU, so that is %.2g %% of "
      "it.\n",
      ShortDuration(saved_ns), arm.strategy.name, base.strategy.name,
      ShortDuration(call_ns), 100 * saved_ns / call_ns);
}

std::string GracePeriodsInWords(const ArmResult& expedited,
                                const ArmResult& non_expedited) {
  const double fast = SpreadOfMeasure(expedited, GracePeriodP50).median;
  const double slow = SpreadOfMeasure(non_expedited, GracePeriodP50).median;
  if (fast <= 0 || slow <= 0) return "";
  return absl::StrFormat(
      "The writer pays: a grace period takes %s expedited and %s non-expedited, %s times "
      "as long.",
      ShortDuration(fast), ShortDuration(slow), ShortNumber(slow / fast));
}

std::string NameForScripts(const std::string& name) {
  return absl::StrReplaceAll(name, {{"-", "_"}});
}

}  // namespace

std::string RenderWords(const Comparison& comparison) {
  const ArmResult& base = BaseOf(comparison);
  const ArmResult* const expedited = Find(comparison, v1::MEMB, v1::EXPEDITED);
  const ArmResult* const non_expedited = Find(comparison, v1::MEMB, v1::NON_EXPEDITED);
  const ArmResult* const memb = expedited != nullptr ? expedited : non_expedited;
  std::string words;
  if (memb != nullptr && memb != &base) {
    words +=
        ReadsInWords(*memb, base) + BarrierInWords(*memb, base, comparison.options.batch);
  }
  if (expedited != nullptr && non_expedited != nullptr) {
    words += GracePeriodsInWords(*expedited, *non_expedited);
  }
  return Wrapped(words, kColumns);
}

std::string RenderRatioLines(const Comparison& comparison) {
  const ArmResult& base = BaseOf(comparison);
  std::string lines;
  const auto add = [&](const char* name, Measure measure) {
    for (const ArmResult& arm : comparison.arms) {
      const Spread ratio = SpreadOfRatio(arm, base, measure);
      if (&arm == &base || ratio.count == 0) continue;
      absl::StrAppendFormat(&lines, "ratio loadtest.%s.%s %.2fx vs %s\n", name,
                            NameForScripts(arm.strategy.name), ratio.median,
                            NameForScripts(base.strategy.name));
    }
  };
  add("grpc", GrpcReadsPerSecond);
  add("lookups.per_key", PerKeyReadsPerSecond);
  add("lookups.per_batch", PerBatchReadsPerSecond);
  return lines;
}

uint64_t WrongReads(const Comparison& comparison) {
  uint64_t wrong = 0;
  for (const ArmResult& arm : comparison.arms) {
    for (const Sample& sample : arm.samples) wrong += sample.wrong;
  }
  return wrong;
}

std::string RenderChecks(const Comparison& comparison) {
  uint64_t reads = 0;
  std::string wrong;
  for (const ArmResult& arm : comparison.arms) {
    for (const Sample& sample : arm.samples) {
      reads += sample.reads;
      if (sample.wrong == 0) continue;
      absl::StrAppendFormat(&wrong, "WRONG: strategy %s, %s reads; the first: %s\n",
                            arm.strategy.name, GroupedNumber(sample.wrong),
                            sample.first_wrong);
    }
  }
  return absl::StrFormat("%s reads checked, %s wrong.\n", GroupedNumber(reads),
                         GroupedNumber(WrongReads(comparison))) +
         wrong;
}

}  // namespace rcukv::loadtest
