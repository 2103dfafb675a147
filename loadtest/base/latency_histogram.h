// A histogram of latencies: small, of fixed size, and exact to 1 %.
//
//   LatencyHistogram latencies;
//   latencies.Record(nanoseconds);
//   uint64_t p99 = latencies.Percentile(99);
//
// Log-linear: each power of two is cut into 64 equal buckets, and values below 64 have a
// bucket each. A bucket is reported as its middle, which is off by at most 1/128 of the
// value (0.8 %).
//
// Thread safety: one thread at a time. Give each thread its own and merge them.
#ifndef RCUKV_LOADTEST_BASE_LATENCY_HISTOGRAM_H_
#define RCUKV_LOADTEST_BASE_LATENCY_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace rcukv::loadtest {

class LatencyHistogram {
 public:
  // Any 64-bit value, in whatever unit the percentiles are to have; 1 or more times.
  void Record(uint64_t value, uint64_t times = 1);

  void Merge(const LatencyHistogram& other);

  uint64_t count() const { return count_; }

  // The largest value recorded, exactly; 0 when there is none.
  uint64_t max() const { return max_; }

  // The smallest value that `percent` % of the recorded ones do not exceed; 0 when there
  // is none. `percent` is 0 to 100; 100 is max().
  uint64_t Percentile(double percent) const;

 private:
  static constexpr int kSubBits = 6;
  static constexpr size_t kSubBuckets = size_t{1} << kSubBits;
  // One run of sub-buckets for the values below 64, one for each power of two from there.
  static constexpr size_t kBuckets = (64 - kSubBits + 1) * kSubBuckets;

  static size_t BucketOf(uint64_t value);
  // The value in the middle of a bucket.
  static uint64_t MiddleOf(size_t bucket);

  std::array<uint64_t, kBuckets> counts_{};
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_LATENCY_HISTOGRAM_H_
