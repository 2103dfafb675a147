#include "loadtest/page/percentile_curve.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;

// 1 to `count` milliseconds.
LatencyHistogram Latencies(uint64_t count) {
  LatencyHistogram latencies;
  for (uint64_t i = 1; i <= count; ++i) latencies.Record(i * 1'000'000);
  return latencies;
}

TEST(PercentileCurve, APointStandsWhereItsShareOfTheOthersIs) {
  const std::vector<Point> points = PercentileCurve(Latencies(1000));
  ASSERT_EQ(points.size(), 31u) << "ten a nine, and the largest";
  EXPECT_EQ(points[0].x, 1);
  EXPECT_NEAR(points[0].y, 1e6, 1e4);
  // Half of them.
  EXPECT_EQ(points[3].x, 2);
  EXPECT_NEAR(points[3].y, 500e6, 5e6);
  // 99 in 100.
  EXPECT_EQ(points[20].x, 100);
  EXPECT_NEAR(points[20].y, 990e6, 9.9e6);
  EXPECT_EQ(points[30].x, 1000);
  EXPECT_EQ(points[30].y, 1000e6);
}

TEST(PercentileCurve, ItNeverFalls) {
  const std::vector<Point> points = PercentileCurve(Latencies(12'345));
  for (size_t i = 1; i < points.size(); ++i) {
    EXPECT_GT(points[i].x, points[i - 1].x);
    EXPECT_GE(points[i].y, points[i - 1].y);
  }
}

TEST(PercentileCurve, FewValuesAreFewPoints) {
  EXPECT_TRUE(PercentileCurve(LatencyHistogram()).empty());
  EXPECT_EQ(PercentileCurve(Latencies(1)).size(), 1u);
  LatencyHistogram zero;
  zero.Record(0);
  EXPECT_EQ(PercentileCurve(zero)[0].y, 1) << "the axis is logarithmic";
}

TEST(PercentileRows, AColumnAHistogramAndARowAPercentile) {
  const LatencyHistogram some = Latencies(100);
  const LatencyHistogram none;
  const auto rows = PercentileRows({&some, &none});
  ASSERT_EQ(rows.size(), 11u);
  EXPECT_THAT(rows.front(), ElementsAre("50 %", testing::MatchesRegex(".* ms"), "-"));
  EXPECT_THAT(rows[7], ElementsAre("99.95 %", "100 ms", "-"));
  EXPECT_THAT(rows.back(), ElementsAre("max", "100 ms", "-"));
}

}  // namespace
}  // namespace rcukv::loadtest
