#include "loadtest/base/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rcukv::loadtest {

size_t LatencyHistogram::BucketOf(uint64_t value) {
  // The lowest bits are dropped until kSubBits + 1 are left, of which the first is set.
  const int dropped = std::max(0, static_cast<int>(std::bit_width(value)) - kSubBits - 1);
  return static_cast<size_t>(dropped) * kSubBuckets + (value >> dropped);
}

uint64_t LatencyHistogram::MiddleOf(size_t bucket) {
  if (bucket < 2 * kSubBuckets) return bucket;
  const size_t dropped = bucket / kSubBuckets - 1;
  const uint64_t lowest = (bucket - dropped * kSubBuckets) << dropped;
  return lowest + (uint64_t{1} << dropped) / 2;
}

void LatencyHistogram::Record(uint64_t value, uint64_t times) {
  counts_[BucketOf(value)] += times;
  count_ += times;
  max_ = std::max(max_, value);
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    counts_[bucket] += other.counts_[bucket];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t LatencyHistogram::Percentile(double percent) const {
  const auto rank = std::max<uint64_t>(
      1, static_cast<uint64_t>(std::ceil(percent * static_cast<double>(count_) / 100)));
  if (rank >= count_) return max_;
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(MiddleOf(bucket), max_);
  }
  return max_;
}

}  // namespace rcukv::loadtest
