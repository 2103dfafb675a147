// What is said of a measure that was taken in several rounds.
#ifndef RCUKV_LOADTEST_BASE_STATISTICS_H_
#define RCUKV_LOADTEST_BASE_STATISTICS_H_

#include <cstddef>

#include "absl/types/span.h"

namespace rcukv::loadtest {

// The median of some values, and how sure it is.
//
// `low` and `high` are two of the values, equally many places from either end, such that
// with a probability of 95 % the median of what the values were drawn from lies between
// them, whatever its distribution (the interval of the sign test). Below 6 values there
// is no such pair: they are the smallest and the largest.
struct Spread {
  static constexpr size_t kMinCountForInterval = 6;

  double median = 0;
  double low = 0;
  double high = 0;
  // How many values; 0: nothing was measured, and the others mean nothing.
  size_t count = 0;

  bool Covers(double value) const { return count > 0 && low <= value && value <= high; }
};

Spread SpreadOf(absl::Span<const double> values);

// Of values[i] / base[i]: what was measured in the same round is compared, so that what
// slows a whole round down cancels out. Rounds that only one of the two has are left out,
// and so are those whose base is 0.
Spread SpreadOfRatios(absl::Span<const double> values, absl::Span<const double> base);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_STATISTICS_H_
