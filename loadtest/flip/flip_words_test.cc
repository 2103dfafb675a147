#include "loadtest/flip/flip_words.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST(FlipWords, ASettingIsComparedWithTheFirstAndNoiseIsCalledNoise) {
  const std::vector<std::string> words = ComparisonWords(SomeFlipResult());
  ASSERT_THAT(words, SizeIs(1));
  EXPECT_THAT(words[0],
              AllOf(HasSubstr("non_expedited/call_rcu instead of expedited/call_rcu: "),
                    HasSubstr("their p99 1.00 times (0.98-1.02: within the noise)"),
                    HasSubstr("a grace period takes 1.00k times (1.00k-1.00k) as long"),
                    HasSubstr("there are 0.10 times (0.10-0.10) as many interrupts.")));
}

TEST(FlipWords, HowManyRatiosTheNoiseAloneWouldGiveIsSaid) {
  EXPECT_THAT(NoiseWords(SomeFlipResult()),
              AllOf(HasSubstr("Of these 7 ratios 2 are outside the noise"),
                    HasSubstr("about 0.4 ")));
}

TEST(FlipWords, FewRoundsAllowNoClaim) {
  FlipResult result = SomeFlipResult();
  result.options.rounds = 2;
  std::erase_if(result.phases, [](const FlipPhase& phase) { return phase.round > 1; });
  EXPECT_THAT(ComparisonWords(result)[0], HasSubstr(": too few rounds) as long"));
  EXPECT_THAT(NoiseWords(result), IsEmpty());
  EXPECT_THAT(FiguresWords(result), HasSubstr("the smallest and the largest"));
  EXPECT_THAT(FiguresWords(SomeFlipResult()), HasSubstr("95 %"));
}

TEST(FlipWords, WhatWasNotMeasuredIsNotCompared) {
  FlipResult result = SomeFlipResult();
  for (FlipPhase& phase : result.phases) phase.figures.interrupts.reset();
  EXPECT_THAT(ComparisonWords(result)[0], Not(HasSubstr("interrupts")));
  for (FlipPhase& phase : result.phases) phase.complete = false;
  EXPECT_THAT(ComparisonWords(result), IsEmpty());
  EXPECT_THAT(NoiseWords(result), IsEmpty());
}

TEST(FlipWords, ALoadThatWasNotKeptUpIsNamedWithItsSetting) {
  FlipResult result = SomeFlipResult();
  EXPECT_THAT(ScheduleWords(result), IsEmpty());
  for (FlipPhase& phase : result.phases) {
    if (phase.setting == 1 && phase.round < 2) phase.figures.writes.late_p99 = 5'000'000;
  }
  EXPECT_THAT(ScheduleWords(result),
              AllOf(HasSubstr("NOT kept in phases of non_expedited/call_rcu (2 of 6 "
                              "phases): "),
                    HasSubstr("--write_callers")));
}

TEST(FlipWords, InterruptsAreTheMachinesOrNotKnown) {
  FlipResult result = SomeFlipResult();
  EXPECT_THAT(InterruptWords(result), HasSubstr("of the whole machine"));
  for (FlipSample& sample : result.samples) sample.figures.interrupts.reset();
  EXPECT_THAT(InterruptWords(result), HasSubstr("not known: /proc/interrupts"));
}

TEST(FlipWords, WhatWasDoneIsDescribed) {
  const FlipResult result = SomeFlipResult();
  EXPECT_THAT(DescribeFlip(result),
              AllOf(HasSubstr("100,000 keys, values of 100 bytes"),
                    HasSubstr("10.0k reads/s by 64 callers"),
                    HasSubstr("1.00k writes/s by 256 callers"),
                    HasSubstr("2 settings, each 6 times"), HasSubstr("Phases of 1s"),
                    HasSubstr("every 250ms"), HasSubstr("flavor MEMB")));
  EXPECT_THAT(AnswersWords(result),
              AllOf(HasSubstr("12 phases"), HasSubstr("123,456 reads checked, 0 wrong"),
                    HasSubstr("12,345 writes")));
}

}  // namespace
}  // namespace rcukv::loadtest
