#include "loadtest/base/statistics.h"

#include <numeric>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(SpreadOf, NothingHasNoSpread) {
  const Spread spread = SpreadOf({});
  EXPECT_EQ(spread.count, 0u);
  EXPECT_FALSE(spread.Covers(0));
}

TEST(SpreadOf, TheMedianIsTheValueInTheMiddle) {
  const Spread spread = SpreadOf({5, 1, 100});
  EXPECT_EQ(spread.median, 5);
  EXPECT_EQ(spread.low, 1);
  EXPECT_EQ(spread.high, 100);
  EXPECT_EQ(spread.count, 3u);
}

TEST(SpreadOf, TheMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle) {
  EXPECT_EQ(SpreadOf({4, 1, 2, 100}).median, 3);
}

TEST(SpreadOf, CoversWhatLiesBetweenItsEnds) {
  const Spread spread = SpreadOf({0.9, 0.95, 1.1});
  EXPECT_TRUE(spread.Covers(1));
  EXPECT_TRUE(spread.Covers(1.1));
  EXPECT_FALSE(spread.Covers(1.11));
}

// The tables of the sign test, such as Conover's: n, and the rank of the lower end.
TEST(SpreadOf, FromSixValuesOnTheIntervalIsThatOfTheSignTest) {
  const std::pair<size_t, size_t> tabulated[] = {{1, 1},  {2, 1},  {5, 1},  {6, 1},
                                                 {8, 1},  {9, 2},  {11, 2}, {12, 3},
                                                 {15, 4}, {20, 6}, {30, 10}};
  for (const auto& [count, rank] : tabulated) {
    std::vector<double> values(count);
    std::iota(values.rbegin(), values.rend(), 1);
    const Spread spread = SpreadOf(values);
    EXPECT_EQ(spread.low, rank) << count;
    EXPECT_EQ(spread.high, count + 1 - rank) << count;
  }
}

TEST(SpreadOfRatios, ComparesWithinARound) {
  // The machine was twice as fast in the second round: no ratio shows it.
  const Spread spread = SpreadOfRatios({150, 300, 160}, {100, 200, 100});
  EXPECT_EQ(spread.median, 1.5);
  EXPECT_EQ(spread.low, 1.5);
  EXPECT_EQ(spread.high, 1.6);
}

TEST(SpreadOfRatios, LeavesRoundsOutThatOnlyOneSideHas) {
  EXPECT_EQ(SpreadOfRatios({2, 50}, {1}).count, 1u);
  EXPECT_EQ(SpreadOfRatios({}, {1}).count, 0u);
}

TEST(SpreadOfRatios, LeavesRoundsOutWhoseBaseIsZero) {
  const Spread spread = SpreadOfRatios({2, 3}, {0, 1});
  EXPECT_EQ(spread.count, 1u);
  EXPECT_EQ(spread.median, 3);
}

}  // namespace
}  // namespace rcukv::loadtest
