#include "bench/statistics.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ElementsAre;

TEST(SummaryOf, NothingHasNoSummary) { EXPECT_EQ(SummaryOf({}).count, 0u); }

TEST(SummaryOf, TheMedianIsTheValueInTheMiddleWhateverTheOrder) {
  const Summary summary = SummaryOf({5, 100, 1, 4, 7});
  EXPECT_EQ(summary.median, 5);
  EXPECT_EQ(summary.min, 1);
  EXPECT_EQ(summary.max, 100);
  EXPECT_EQ(summary.count, 5u);
}

TEST(SummaryOf, TheMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle) {
  EXPECT_EQ(SummaryOf({100, 1, 4, 2}).median, 3);
}

TEST(RatiosByRound, CompareWithinARound) {
  // The machine was twice as fast in the second round: no ratio shows it.
  EXPECT_THAT(RatiosByRound({150, 300, 160}, {100, 200, 100}),
              ElementsAre(1.5, 1.5, 1.6));
}

TEST(RatiosByRound, LeaveRoundsOutThatOnlyOneSideHas) {
  EXPECT_THAT(RatiosByRound({2, 50}, {1}), ElementsAre(2));
  EXPECT_THAT(RatiosByRound({}, {1}), ElementsAre());
}

TEST(RatiosByRound, LeaveRoundsOutWhereThePeerDidNothing) {
  EXPECT_THAT(RatiosByRound({2, 3}, {0, 1}), ElementsAre(3));
}

}  // namespace
}  // namespace rcukv::bench
