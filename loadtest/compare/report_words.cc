#include "loadtest/compare/report_words.h"

#include <cstdint>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;

// "1.62 times (1.58-1.66)", "0.99 times (0.96-1.03: within the noise)".
std::string Times(const Spread& ratio) {
  return absl::StrFormat("%.2f times (%.2f-%.2f%s)", ratio.median, ratio.low, ratio.high,
                         ratio.Covers(1) ? ": within the noise" : "");
}

// How the reads of memb compare with those of the base: by the clock, and by CPU time.
std::string ReadsInWords(const ArmResult& arm, const ArmResult& base,
                         const std::string& where, Measure by_clock, Measure by_cpu) {
  return absl::StrFormat("%s %s reads %s as fast as %s; by CPU time %s.", where,
                         arm.strategy.name, Times(SpreadOfRatio(arm, base, by_clock)),
                         base.strategy.name, Times(SpreadOfRatio(arm, base, by_cpu)));
}

template <Sections kWay>
std::string LookupsInWords(const ArmResult& arm, const ArmResult& base,
                           const std::string& where) {
  return ReadsInWords(arm, base, where, LookupsPerSecond<kWay>,
                      LookupsPerCpuSecond<kWay>);
}

// How much of a call over gRPC the reader's barriers can be.
std::string BarrierInWords(const ArmResult& arm, const ArmResult& base, int64_t batch) {
  const double saved_ns = SpreadOfMeasure(base, LookupNs<Sections::kOneAKey>).median -
                          SpreadOfMeasure(arm, LookupNs<Sections::kOneAKey>).median;
  const double call_ns =
      SpreadOfMeasure(base, GrpcServerCpu).median * static_cast<double>(batch);
  if (saved_ns <= 0 || call_ns <= 0) return "";
  return absl::StrFormat(
      "A read with a section of its own takes %s of CPU less with %s than with %s; a "
      "call over gRPC has one section and takes the server %s of CPU, so that is %.2g %% "
      "of it.",
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

}  // namespace

std::string RenderWords(const Comparison& comparison) {
  const ArmResult& base = BaseOf(comparison);
  const ArmResult* const expedited = Find(comparison, v1::MEMB, v1::EXPEDITED);
  const ArmResult* const non_expedited = Find(comparison, v1::MEMB, v1::NON_EXPEDITED);
  const ArmResult* const memb = expedited != nullptr ? expedited : non_expedited;
  std::string words;
  const auto add = [&](const std::string& sentence) {
    words += Wrapped(sentence, kColumns);
  };
  if (memb != nullptr && memb != &base && !base.samples.empty()) {
    add(LookupsInWords<Sections::kTenAKey>(*memb, base, "With ten sections a key"));
    add(LookupsInWords<Sections::kOneAKey>(*memb, base, "With a section a key"));
    add(LookupsInWords<Sections::kOneABatch>(*memb, base, "With a section a batch"));
    add(ReadsInWords(*memb, base, "Over gRPC", GrpcReadsPerSecond,
                     GrpcReadsPerCpuSecond));
    add(BarrierInWords(*memb, base, comparison.options.batch));
  }
  if (expedited != nullptr && non_expedited != nullptr) {
    add(GracePeriodsInWords(*expedited, *non_expedited));
  }
  return words;
}

}  // namespace rcukv::loadtest
