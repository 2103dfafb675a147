#include "loadtest/compare/grace_periods.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace rcukv::loadtest {
namespace {

// By number of the bucket.
std::vector<uint64_t> CountsBetween(const v1::GracePeriods& before,
                                    const v1::GracePeriods& after) {
  std::vector<uint64_t> counts;
  for (int i = 0; i < after.latency_size(); ++i) {
    const uint64_t earlier = i < before.latency_size() ? before.latency(i).count() : 0;
    counts.push_back(after.latency(i).count() - earlier);
  }
  return counts;
}

// The bucket of the value that 99 % do not exceed.
size_t BucketOfP99(const std::vector<uint64_t>& counts, uint64_t count) {
  const auto rank = static_cast<uint64_t>(std::ceil(0.99 * static_cast<double>(count)));
  uint64_t below = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    below += counts[i];
    if (below >= rank) return i;
  }
  return counts.size() - 1;
}

}  // namespace

void AddGracePeriods(const v1::GracePeriods& before, const v1::GracePeriods& after,
                     Sample& sample) {
  const std::vector<uint64_t> counts = CountsBetween(before, after);
  uint64_t count = 0;
  for (const uint64_t in_bucket : counts) count += in_bucket;
  if (count == 0) return;
  sample.grace_periods = static_cast<double>(count);
  sample.grace_period_mean_ns =
      static_cast<double>(after.latency_sum_ns() - before.latency_sum_ns()) /
      static_cast<double>(count);
  const uint64_t bound =
      after.latency(static_cast<int>(BucketOfP99(counts, count))).upper_bound_ns();
  // 0: the last bucket, which has none; no grace period was longer than the longest.
  sample.grace_period_p99_ns = static_cast<double>(bound == 0 ? after.max_ns() : bound);
}

}  // namespace rcukv::loadtest
