#include "loadtest/workload/run_processors.h"

#include <time.h>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(ProcessorTicks, AreTheSumOfTheFirstEightFields) {
  const auto ticks = ParseProcessorTicks("cpu  1 2 4 100 200 8 16 32 1000 2000");
  ASSERT_TRUE(ticks.has_value());
  EXPECT_EQ(ticks->all, 363u);
  EXPECT_EQ(ticks->idle, 300u);
}

TEST(ProcessorTicks, OtherLinesHaveNone) {
  EXPECT_FALSE(ParseProcessorTicks("").has_value());
  EXPECT_FALSE(ParseProcessorTicks("cpu0 1 2 3 4 5 6 7 8").has_value());
  EXPECT_FALSE(ParseProcessorTicks("cpu 1 2 3 4 5 6 7").has_value());
  EXPECT_FALSE(ParseProcessorTicks("cpu 1 2 x 4 5 6 7 8").has_value());
}

double ProcessSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

TEST(ProcessorWatch, WhatThisProgramWorksIsPartOfWhatTheMachineWorks) {
  const ProcessorWatch watch;
  const double end = ProcessSeconds() + 0.3;
  while (ProcessSeconds() < end) continue;
  const auto use = watch.SoFar();
  ASSERT_TRUE(use.has_value());
  EXPECT_GT(use->own, 0);
  EXPECT_LE(use->own, 1);
  EXPECT_GT(use->busy, 0);
  EXPECT_LE(use->busy, 1);
}

TEST(ProcessorUse, SharesAreOfAllProcessors) {
  const auto use = UseBetween({.all = 1000, .idle = 400}, {.all = 1200, .idle = 450}, 30);
  ASSERT_TRUE(use.has_value());
  EXPECT_DOUBLE_EQ(use->busy, 0.75);
  EXPECT_DOUBLE_EQ(use->own, 0.15);
}

TEST(ProcessorUse, IdleTimeThatStepsBackIsNoMoreThanAll) {
  const auto use = UseBetween({.all = 0, .idle = 50}, {.all = 100, .idle = 40}, 200);
  ASSERT_TRUE(use.has_value());
  EXPECT_EQ(use->busy, 1);
  EXPECT_EQ(use->own, 1);
}

TEST(ProcessorUse, NothingIsSaidOfAMoment) {
  EXPECT_FALSE(UseBetween({.all = 100}, {.all = 109}, 5).has_value());
  EXPECT_FALSE(UseBetween({.all = 100}, {.all = 90}, 5).has_value());
}

}  // namespace
}  // namespace rcukv::loadtest
