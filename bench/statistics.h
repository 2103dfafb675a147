// What is said of a figure that was taken in several rounds.
#ifndef RCUKV_BENCH_STATISTICS_H_
#define RCUKV_BENCH_STATISTICS_H_

#include <cstddef>
#include <vector>

namespace rcukv::bench {

struct Summary {
  double median = 0;
  double min = 0;
  double max = 0;
  // How many values; 0: there was nothing, and the others mean nothing.
  size_t count = 0;
};

// The median of an even number of values is the mean of the two in the middle.
Summary SummaryOf(std::vector<double> values);

// ours[i] / peers[i], round by round, so that what slows a whole round down cancels out.
// Rounds that only one of the two has are left out, and so are those where the peer's is
// 0.
std::vector<double> RatiosByRound(const std::vector<double>& ours,
                                  const std::vector<double>& peers);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_STATISTICS_H_
