// How long grace periods took: counts in buckets whose bounds double.
#ifndef RCUKV_RCU_LATENCY_HISTOGRAM_H_
#define RCUKV_RCU_LATENCY_HISTOGRAM_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace rcu {

struct LatencyHistogram {
  static constexpr size_t kBuckets = 26;

  // The longest latency that bucket `i` counts, in nanoseconds: 1 us, 2 us, 4 us, ...
  // 16.8 s; the last one counts what is longer.
  static constexpr uint64_t BoundNs(size_t i) {
    return i + 1 == kBuckets ? UINT64_MAX : uint64_t{1000} << i;
  }

  void Add(uint64_t latency_ns) {
    // The width of the quotient, rounded up, less one bit: 0 up to 1 us, 1 up to 2 us.
    const uint64_t us = latency_ns == 0 ? 0 : (latency_ns - 1) / 1000;
    const auto i = static_cast<size_t>(std::bit_width(us));
    ++counts[i < kBuckets ? i : kBuckets - 1];
    sum_ns += latency_ns;
  }

  uint64_t Count() const {
    uint64_t count = 0;
    for (uint64_t n : counts) count += n;
    return count;
  }

  // counts[i]: latencies above BoundNs(i - 1), up to BoundNs(i).
  std::array<uint64_t, kBuckets> counts{};
  uint64_t sum_ns = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_LATENCY_HISTOGRAM_H_
