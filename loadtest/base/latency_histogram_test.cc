#include "loadtest/base/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

constexpr double kPercents[] = {0, 1, 25, 50, 90, 99, 99.9, 100};

// By definition, from all values.
uint64_t ExactPercentile(std::vector<uint64_t> values, double percent) {
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(percent * static_cast<double>(values.size()) / 100);
  return values[std::max<size_t>(1, static_cast<size_t>(rank)) - 1];
}

void ExpectWithinOnePercentOfExact(const std::vector<uint64_t>& values) {
  LatencyHistogram histogram;
  for (const uint64_t value : values) histogram.Record(value);
  for (const double percent : kPercents) {
    const auto exact = static_cast<double>(ExactPercentile(values, percent));
    EXPECT_NEAR(static_cast<double>(histogram.Percentile(percent)), exact, exact * 0.01)
        << percent << " %";
  }
}

TEST(LatencyHistogram, WithoutValuesEverythingIsZero) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.Percentile(50), 0u);
}

TEST(LatencyHistogram, ASingleValueIsEveryPercentile) {
  LatencyHistogram histogram;
  histogram.Record(123'456'789);
  for (const double percent : kPercents) {
    EXPECT_EQ(histogram.Percentile(percent), 123'456'789u);
  }
}

TEST(LatencyHistogram, SmallValuesAreExact) {
  LatencyHistogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.Record(value);
  for (uint64_t percent = 1; percent <= 100; ++percent) {
    EXPECT_EQ(histogram.Percentile(static_cast<double>(percent)), percent);
  }
}

TEST(LatencyHistogram, PercentilesOfManyScalesAreWithinOnePercent) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(0, 12);
  std::vector<uint64_t> values;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<uint64_t>(std::pow(10, exponent(random))));
  }
  ExpectWithinOnePercentOfExact(values);
}

TEST(LatencyHistogram, PercentilesNextToPowersOfTwoAreWithinOnePercent) {
  for (int bit = 1; bit < 64; ++bit) {
    const uint64_t power = uint64_t{1} << bit;
    ExpectWithinOnePercentOfExact({power - 1, power, power + 1, power + power / 2});
  }
}

TEST(LatencyHistogram, TheLargestValueOfAllFits) {
  LatencyHistogram histogram;
  histogram.Record(std::numeric_limits<uint64_t>::max());
  histogram.Record(0);
  EXPECT_EQ(histogram.max(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(histogram.Percentile(50), 0u);
}

TEST(LatencyHistogram, MergingIsRecordingEverythingInOne) {
  LatencyHistogram all, even, odd;
  for (uint64_t i = 0; i < 1000; ++i) {
    const uint64_t value = i * i * 31;
    all.Record(value);
    (i % 2 == 0 ? even : odd).Record(value);
  }
  even.Merge(odd);
  EXPECT_EQ(even.count(), all.count());
  EXPECT_EQ(even.max(), all.max());
  for (const double percent : kPercents) {
    EXPECT_EQ(even.Percentile(percent), all.Percentile(percent));
  }
}

}  // namespace
}  // namespace rcukv::loadtest
