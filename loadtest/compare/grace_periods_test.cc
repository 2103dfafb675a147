#include "loadtest/compare/grace_periods.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

// Of buckets up to 1 us, 2 us, and without a bound.
v1::GracePeriods Of(const std::vector<uint64_t>& counts, uint64_t sum_ns) {
  constexpr uint64_t kBounds[] = {1000, 2000, 0};
  v1::GracePeriods periods;
  for (size_t i = 0; i < counts.size(); ++i) {
    v1::LatencyBucket& bucket = *periods.add_latency();
    bucket.set_upper_bound_ns(kBounds[i]);
    bucket.set_count(counts[i]);
  }
  periods.set_latency_sum_ns(sum_ns);
  periods.set_max_ns(77'000);
  return periods;
}

TEST(AddGracePeriods, CountsThoseBetweenTheTwoLooks) {
  Sample sample;
  AddGracePeriods(Of({100, 1000, 0}, 5'000'000), Of({199, 1001, 0}, 5'150'000), sample);
  EXPECT_EQ(sample.grace_periods, 100);
  EXPECT_EQ(sample.grace_period_mean_ns, 1500);
  EXPECT_EQ(sample.grace_period_p99_ns, 1000);
}

TEST(AddGracePeriods, TheNinetyNinthPercentileIsABoundOfItsBucket) {
  Sample sample;
  AddGracePeriods(Of({0, 0, 0}, 0), Of({98, 2, 0}, 100'000), sample);
  EXPECT_EQ(sample.grace_period_p99_ns, 2000);
  AddGracePeriods(Of({0, 0, 0}, 0), Of({98, 0, 2}, 100'000), sample);
  EXPECT_EQ(sample.grace_period_p99_ns, 77'000);
}

TEST(AddGracePeriods, WhereThereWereNoneThereIsNoFigure) {
  Sample sample;
  AddGracePeriods(Of({5, 5, 5}, 9), Of({5, 5, 5}, 9), sample);
  AddGracePeriods({}, {}, sample);
  EXPECT_FALSE(sample.grace_periods.has_value());
  EXPECT_FALSE(sample.grace_period_mean_ns.has_value());
}

}  // namespace
}  // namespace rcukv::loadtest
