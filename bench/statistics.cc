#include "bench/statistics.h"

#include <algorithm>

namespace rcukv::bench {

Summary SummaryOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {.median = median,
          .min = values.front(),
          .max = values.back(),
          .count = values.size()};
}

std::vector<double> RatiosByRound(const std::vector<double>& ours,
                                  const std::vector<double>& peers) {
  std::vector<double> ratios;
  for (size_t round = 0; round < std::min(ours.size(), peers.size()); ++round) {
    if (peers[round] != 0) ratios.push_back(ours[round] / peers[round]);
  }
  return ratios;
}

}  // namespace rcukv::bench
