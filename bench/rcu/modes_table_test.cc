#include "bench/rcu/modes_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

MeasureResult Result(const std::string& name, const Samples& samples) {
  MeasureResult result;
  result.measure.name = name;
  result.samples = {samples};
  return result;
}

TEST(ModesTable, HasAColumnForEachModeThatWasMeasured) {
  const std::string table = RenderModes(
      {Result("rcu.modes.adaptive",
              {{{"expedited_per_second", 500}, {"non_expedited_per_second", 50}}}),
       Result("rcu.modes.expedited",
              {{{"expedited_per_second", 600}, {"non_expedited_per_second", 0}}}),
       Result("rcu.modes.global_expedited", {})});
  EXPECT_THAT(table,
              AllOf(ContainsRegex("20.0k retires/s +expedited +adaptive\n"),
                    ContainsRegex("expedited/s +600 +500\n"),
                    ContainsRegex("non-expedited/s +0 +50\n"), Not(HasSubstr("100"))));
}

TEST(ModesTable, HasMediansOfTheRounds) {
  Samples samples;
  for (const double us : {7, 5, 90}) {
    samples.push_back({{"sync_p50_us", us}, {"sync_p99_us", 10 * us}});
  }
  EXPECT_THAT(RenderModes({Result("rcu.modes.adaptive_100", samples)}),
              ContainsRegex("us, p50 / p99 +7(\\.0+)? / 70"));
}

TEST(ModesTable, WhatTheKernelDoesNotTellIsADash) {
  EXPECT_THAT(
      RenderModes({Result("rcu.modes.expedited", {{{"expedited_per_second", 600}}})}),
      ContainsRegex("IPIs\\)/s +-\n +before the load +-\n"));
}

TEST(ModesTable, OfNothingIsEmpty) { EXPECT_EQ(RenderModes({}), ""); }

}  // namespace
}  // namespace rcukv::bench
