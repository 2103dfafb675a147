#include "loadtest/flip/flip_summary.h"

#include <set>
#include <string>

#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

TEST(FlipSummary, ASettingHasTheMedianAndTheIntervalOfItsRounds) {
  const FlipResult result = SomeFlipResult();
  const Spread p99 = SpreadOf(result, 0, flip::ReadP99);
  EXPECT_EQ(p99.count, 6u);
  EXPECT_EQ(p99.median, 205e3);
  EXPECT_EQ(p99.low, 200e3);
  EXPECT_EQ(p99.high, 210e3);
  EXPECT_EQ(SpreadOf(result, 1, flip::ReadP99).median, 205e3);
  EXPECT_EQ(SpreadOf(result, 0, flip::InterruptRate).median, 1000);
  EXPECT_EQ(SpreadOf(result, 1, flip::InterruptRate).median, 100);
}

TEST(FlipSummary, RatiosAreTakenWithinARound) {
  const FlipResult result = SomeFlipResult();
  const Spread grace_periods = RatioOf(result, 1, 0, flip::GracePeriodMean);
  EXPECT_EQ(grace_periods.count, 6u);
  EXPECT_DOUBLE_EQ(grace_periods.median, 1000);
  const Spread reads = RatioOf(result, 1, 0, flip::ReadP99);
  EXPECT_TRUE(reads.Covers(1)) << reads.low << " " << reads.high;
}

TEST(FlipSummary, APhaseThatWasCutShortDoesNotCount) {
  FlipResult result = SomeFlipResult();
  result.phases.back().complete = false;
  const size_t setting = result.phases.back().setting;
  EXPECT_EQ(CompletePhases(result, setting), 5u);
  EXPECT_EQ(CompletePhases(result, 1 - setting), 6u);
  EXPECT_EQ(SpreadOf(result, setting, flip::ReadP99).count, 5u);
  EXPECT_EQ(RatioOf(result, 1, 0, flip::ReadP99).count, 5u);
}

TEST(FlipSummary, WhatAPhaseHasNotIsLeftOut) {
  FlipResult result = SomeFlipResult();
  for (FlipPhase& phase : result.phases) {
    phase.figures.interrupts.reset();
    if (phase.round == 0) phase.figures.grace_period_mean_ns.reset();
    if (phase.round == 1) phase.figures.reads = {};
    phase.figures.expedited_calls = 0;
  }
  EXPECT_EQ(SpreadOf(result, 0, flip::InterruptRate).count, 0u);
  EXPECT_EQ(SpreadOf(result, 0, flip::GracePeriodMean).count, 5u);
  EXPECT_EQ(RatioOf(result, 1, 0, flip::GracePeriodMean).count, 5u);
  EXPECT_EQ(SpreadOf(result, 0, flip::ReadP50).count, 5u);
  // No calls is a rate, but nothing to divide by.
  EXPECT_EQ(SpreadOf(result, 0, flip::ExpeditedRate).count, 6u);
  EXPECT_EQ(RatioOf(result, 1, 0, flip::ExpeditedRate).count, 0u);
}

TEST(FlipSummary, APhaseIsLateByItsReadsOrItsWrites) {
  FlipResult result = SomeFlipResult();
  EXPECT_EQ(LatePhases(result, 0) + LatePhases(result, 1), 0u);
  result.phases[0].figures.reads.late_p99 = 1'000'001;
  result.phases[1].figures.writes.late_p99 = 1'000'001;
  EXPECT_EQ(LatePhases(result, result.phases[0].setting), 1u);
  EXPECT_EQ(LatePhases(result, result.phases[1].setting), 1u);
}

TEST(FlipSummary, EachMeasureHasItsOwnNameAndFigure) {
  // So that no two can be taken for one another.
  FlipPhase phase = {.complete = true,
                     .figures = {.seconds = 1,
                                 .reads = {.done = 1, .p50 = 2, .p99 = 3, .p999 = 4},
                                 .writes = {.done = 5, .p50 = 6, .p99 = 7},
                                 .grace_periods = 8,
                                 .grace_period_mean_ns = 9,
                                 .grace_period_p99_ns = 10,
                                 .interrupts = 12,
                                 .expedited_calls = 13,
                                 .non_expedited_calls = 14,
                                 .global_expedited_calls = 15},
                     .backlog_bytes_max = 11};
  phase.figures.reads.max = phase.figures.writes.max = 1;
  std::set<std::string> names;
  double expected = 0;
  for (const NamedFlipMeasure& named : FlipMeasures()) {
    EXPECT_EQ(named.measure(phase), ++expected) << named.name;
    names.insert(named.name);
  }
  EXPECT_EQ(names.size(), FlipMeasures().size());
}

}  // namespace
}  // namespace rcukv::loadtest
