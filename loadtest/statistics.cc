#include "loadtest/statistics.h"

#include <algorithm>
#include <vector>

namespace rcukv::loadtest {

Spread SpreadOf(absl::Span<const double> values) {
  if (values.empty()) return {};
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t middle = sorted.size() / 2;
  const double median =
      sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return {median, sorted.front(), sorted.back(), sorted.size()};
}

Spread SpreadOfRatios(absl::Span<const double> values, absl::Span<const double> base) {
  std::vector<double> ratios;
  for (size_t round = 0; round < std::min(values.size(), base.size()); ++round) {
    if (base[round] != 0) ratios.push_back(values[round] / base[round]);
  }
  return SpreadOf(ratios);
}

}  // namespace rcukv::loadtest
