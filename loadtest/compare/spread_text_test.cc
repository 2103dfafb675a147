#include "loadtest/compare/spread_text.h"

#include <string>

#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(ShowSpread, ShowsTheIntervalWhereThereIsOne) {
  EXPECT_EQ(ShowSpread({}), "-");
  EXPECT_EQ(ShowSpread(SpreadOf({1.234})), "1.23");
  EXPECT_EQ(ShowSpread(SpreadOf({1, 2, 3})), "2.00 (1.00-3.00)");
  EXPECT_EQ(ShowSpread(SpreadOf({12.34, 234.5})), "123 (12.3-234)");
}

std::string DifferenceOn(absl::Span<const double> ratios) {
  return ShowDifference(DifferenceOf(SpreadOf(ratios)));
}

TEST(DifferenceOf, ADifferenceInsideTheNoiseIsCalledThat) {
  EXPECT_EQ(DifferenceOn({0.9, 1.1, 1.2, 1.3, 1.3, 1.3}), "noise");
  EXPECT_EQ(DifferenceOn({1.1, 1.1, 1.2, 1.3, 1.3, 1.3}), "faster");
  EXPECT_EQ(DifferenceOn({0.9, 0.9, 0.8, 0.9, 0.9, 0.9}), "slower");
  EXPECT_EQ(DifferenceOn({}), "-");
}

TEST(DifferenceOf, FewRoundsAllowNone) {
  EXPECT_EQ(DifferenceOn({1.1, 1.2, 1.3, 1.3, 1.3}), "few rounds");
  EXPECT_EQ(DifferenceOn({0.9, 1.2}), "few rounds");
}

TEST(Times, SaysSoOfNoise) {
  EXPECT_EQ(Times(SpreadOf({1, 1, 1, 2, 2, 2})),
            "1.50 times (1.00-2.00: within the noise)");
  EXPECT_EQ(Times(SpreadOf({1, 2})), "1.50 times (1.00-2.00: too few rounds)");
  EXPECT_EQ(Times(SpreadOf({2, 2})), "2.00 times (2.00-2.00: too few rounds)");
  EXPECT_EQ(Times(SpreadOf({2, 2, 2, 2, 2, 2})), "2.00 times (2.00-2.00)");
}

}  // namespace
}  // namespace rcukv::loadtest
