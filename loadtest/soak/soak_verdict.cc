#include "loadtest/soak/soak_verdict.h"

#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/statistics.h"

namespace rcukv::loadtest {
namespace {

constexpr double kMebibyte = 1 << 20;

// Of part number `part`, from 0.
double MedianResidentBytes(absl::Span<const SoakSample> samples, size_t part) {
  const size_t begin = samples.size() * part / SoakVerdict::kParts;
  const size_t end = samples.size() * (part + 1) / SoakVerdict::kParts;
  std::vector<double> bytes;
  for (const SoakSample& sample : samples.subspan(begin, end - begin)) {
    bytes.push_back(static_cast<double>(sample.resident_bytes));
  }
  return SpreadOf(bytes).median;
}

}  // namespace

SoakVerdict JudgeMemory(absl::Span<const SoakSample> samples, double tolerance_percent) {
  SoakVerdict verdict;
  if (samples.size() < SoakVerdict::kMinSamples) return verdict;
  verdict.early_bytes = MedianResidentBytes(samples, 1);
  verdict.late_bytes = MedianResidentBytes(samples, SoakVerdict::kParts - 1);
  // No process lives without memory: samples without are no samples.
  if (verdict.early_bytes <= 0 || verdict.late_bytes <= 0) return verdict;
  verdict.enough_samples = true;
  verdict.growth_percent = 100 * (verdict.late_bytes / verdict.early_bytes - 1);
  verdict.flat = verdict.growth_percent <= tolerance_percent;
  return verdict;
}

std::string ToString(const SoakVerdict& verdict, double tolerance_percent) {
  if (!verdict.enough_samples) {
    return "memory not judged: too few samples";
  }
  return absl::StrFormat(
      "memory %s: resident %.1f MiB (median of the last fifth) against %.1f MiB (of the "
      "second fifth), %+.1f %%; at most +%g %% was allowed",
      verdict.flat ? "flat" : "NOT flat", verdict.late_bytes / kMebibyte,
      verdict.early_bytes / kMebibyte, verdict.growth_percent, tolerance_percent);
}

}  // namespace rcukv::loadtest
