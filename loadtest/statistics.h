// What is said of a measure that was taken in several rounds.
#ifndef RCUKV_LOADTEST_STATISTICS_H_
#define RCUKV_LOADTEST_STATISTICS_H_

#include <cstddef>

#include "absl/types/span.h"

namespace rcukv::loadtest {

// The median of some values, and how far they lie apart.
struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
  // How many values; 0: nothing was measured, and the others mean nothing.
  size_t count = 0;

  bool Covers(double value) const { return count > 0 && min <= value && value <= max; }
};

Spread SpreadOf(absl::Span<const double> values);

// Of values[i] / base[i]: what was measured in the same round is compared, so that what
// slows a whole round down cancels out. Rounds that only one of the two has are left out,
// and so are those whose base is 0.
Spread SpreadOfRatios(absl::Span<const double> values, absl::Span<const double> base);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_STATISTICS_H_
