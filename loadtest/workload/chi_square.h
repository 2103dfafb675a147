// Pearson's chi-square: how far counts are from what a distribution makes expected.
//
// For tests.
#ifndef RCUKV_LOADTEST_WORKLOAD_CHI_SQUARE_H_
#define RCUKV_LOADTEST_WORKLOAD_CHI_SQUARE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rcukv::loadtest {

// `probabilities` are more than 0 and add up to 1; a count for each.
inline double ChiSquare(const std::vector<uint64_t>& counts,
                        const std::vector<double>& probabilities) {
  double drawn = 0;
  for (const uint64_t count : counts) drawn += static_cast<double>(count);
  double sum = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = drawn * probabilities[i];
    const double off = static_cast<double>(counts[i]) - expected;
    sum += off * off / expected;
  }
  return sum;
}

// What a right generator exceeds once in a million draws of all counts (Wilson and
// Hilferty's approximation; 4.75 is the normal distribution's quantile).
inline double ChiSquareBound(size_t bins) {
  const double freedom = static_cast<double>(bins) - 1;
  const double spread = 2 / (9 * freedom);
  return freedom * std::pow(1 - spread + 4.75 * std::sqrt(spread), 3);
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_CHI_SQUARE_H_
