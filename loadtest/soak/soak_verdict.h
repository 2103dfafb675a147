// Whether memory stayed flat.
//
// The run is divided into five parts of equally many samples. The first is the warm-up:
// the allocator and the connections reach their sizes. The median of the last is compared
// with that of the second: medians, because what is resident goes up and down with the
// calls that are under way, and a leak is what is still there.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_VERDICT_H_
#define RCUKV_LOADTEST_SOAK_SOAK_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "loadtest/soak/soak_sample.h"

namespace rcukv::loadtest {

struct SoakVerdict {
  static constexpr size_t kParts = 5;
  // Two for each part.
  static constexpr size_t kMinSamples = 2 * kParts;

  // Where there are too few samples the rest means nothing.
  bool enough_samples = false;
  // Medians of the resident bytes in the second part and in the last.
  double early_bytes = 0;
  double late_bytes = 0;
  // By what percentage the last is more than the second; negative where it is less.
  double growth_percent = 0;
  // Whether that is at most what was tolerated. Memory that shrinks does not leak.
  bool flat = false;
};

SoakVerdict JudgeMemory(absl::Span<const SoakSample> samples, double tolerance_percent);

// "memory flat: resident 312 MiB (median of the last fifth) against 310 MiB (of the
// second fifth), +0.6 %; at most +5 % was allowed".
std::string ToString(const SoakVerdict& verdict, double tolerance_percent);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_VERDICT_H_
