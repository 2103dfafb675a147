#include "loadtest/base/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rcukv::loadtest {
namespace {

constexpr double kMostMissed = 0.05;

// How many of `count` values may be left out at each end so that the median is still
// missed by kMostMissed at most. Each value lies below the median with a probability of
// one half, so how many do is binomial.
size_t LeftOutAtEachEnd(size_t count) {
  const auto n = static_cast<double>(count);
  size_t left_out = 0;
  double probability = std::pow(0.5, n);  // That exactly `left_out` lie below.
  double missed = 2 * probability;
  while (true) {
    const auto k = static_cast<double>(left_out);
    probability *= (n - k) / (k + 1);
    missed += 2 * probability;
    if (missed > kMostMissed) return left_out;
    ++left_out;
  }
}

}  // namespace

Spread SpreadOf(absl::Span<const double> values) {
  if (values.empty()) return {};
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t middle = sorted.size() / 2;
  const double median =
      sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  const size_t left_out = LeftOutAtEachEnd(sorted.size());
  return {.median = median,
          .low = sorted[left_out],
          .high = sorted[sorted.size() - 1 - left_out],
          .count = sorted.size()};
}

Spread SpreadOfRatios(absl::Span<const double> values, absl::Span<const double> base) {
  std::vector<double> ratios;
  for (size_t round = 0; round < std::min(values.size(), base.size()); ++round) {
    if (base[round] != 0) ratios.push_back(values[round] / base[round]);
  }
  return SpreadOf(ratios);
}

}  // namespace rcukv::loadtest
