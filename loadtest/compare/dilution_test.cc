#include "loadtest/compare/dilution.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/comparison_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

TEST(DilutionOf, HasAStepForEachWorkOfEachLayer) {
  const Comparison comparison = MadeUpComparison();
  const std::vector<DilutionStep> steps = DilutionOf(comparison);
  ASSERT_EQ(steps.size(), 9u);
  EXPECT_EQ(steps.front().layer, 1);
  EXPECT_EQ(steps.front().case_name, kPrimitiveCase);
  EXPECT_DOUBLE_EQ(steps.front().by_clock.median, 2);
  // Half of the CPU time is twice as good.
  EXPECT_DOUBLE_EQ(steps.front().by_cpu.median, 2);
  EXPECT_EQ(steps.back().layer, 5);
  EXPECT_DOUBLE_EQ(steps.back().by_clock.median, 1);
}

TEST(DilutionOf, NeedsBothStrategies) {
  Comparison comparison = MadeUpComparison();
  comparison.strategies[0] = ParseStrategies("signal")->front();
  EXPECT_TRUE(DilutionOf(comparison).empty());
  EXPECT_EQ(RenderDilution(comparison), "");
  comparison = MadeUpComparison();
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) result.samples[1].clear();
  }
  EXPECT_EQ(RenderDilution(comparison), "");
}

TEST(RenderDilution, SaysWhereTheDifferenceIsLostInTheNoise) {
  const std::string text = RenderDilution(MadeUpComparison());
  EXPECT_THAT(text, HasSubstr("the speed-up of memb-expedited over mb"));
  EXPECT_THAT(text, ContainsRegex("Layer 1\n  Title of primitive +2.00 \\(2.00-2.00\\) "
                                  "+faster +2.00 \\(2.00-2.00\\)\n"));
  EXPECT_THAT(text, ContainsRegex("Layer 4\n  Title of [a-z_.0-9]+ +1.00 \\(1.00-1.00\\) "
                                  "+noise"));
}

}  // namespace
}  // namespace rcukv::loadtest
