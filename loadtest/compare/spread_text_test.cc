#include "loadtest/compare/spread_text.h"

#include <vector>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(ShowSpread, ShowsTheIntervalWhereThereIsOne) {
  EXPECT_EQ(ShowSpread({}), "-");
  EXPECT_EQ(ShowSpread(SpreadOf({1.234})), "1.23");
  EXPECT_EQ(ShowSpread(SpreadOf({1, 2, 3})), "2.00 (1.00-3.00)");
  EXPECT_EQ(ShowSpread(SpreadOf({12.34, 234.5})), "123 (12.3-234)");
}

TEST(Verdict, ADifferenceInsideTheNoiseIsCalledThat) {
  EXPECT_EQ(Verdict(SpreadOf({0.9, 1.1, 1.2, 1.3, 1.3, 1.3})), "within the noise");
  EXPECT_EQ(Verdict(SpreadOf({1.1, 1.1, 1.2, 1.3, 1.3, 1.3})), "faster");
  EXPECT_EQ(Verdict(SpreadOf({0.9, 0.9, 0.8, 0.9, 0.9, 0.9})), "slower");
  EXPECT_EQ(Verdict({}), "-");
}

TEST(Verdict, FewRoundsAllowNone) {
  EXPECT_EQ(Verdict(SpreadOf({1.1, 1.2, 1.3, 1.3, 1.3})), "too few rounds");
  EXPECT_EQ(Verdict(SpreadOf({0.9, 1.2})), "within the noise");
}

TEST(Times, SaysSoOfNoise) {
  EXPECT_EQ(Times(SpreadOf({1, 2})), "1.50 times (1.00-2.00: within the noise)");
  EXPECT_EQ(Times(SpreadOf({2, 2})), "2.00 times (2.00-2.00: too few rounds)");
  EXPECT_EQ(Times(SpreadOf({2, 2, 2, 2, 2, 2})), "2.00 times (2.00-2.00)");
}

}  // namespace
}  // namespace rcukv::loadtest
