#include "loadtest/workload/run_timeline.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A warm-up of two seconds, two that are measured, and half a second after the end.
RunResult Result() {
  RunResult result;
  result.phase.asked_rate = 100;
  for (int i = 0; i < 5; ++i) {
    result.seconds.push_back({.warm_up = i < 2,
                              .after_end = i == 4,
                              .asked_rate = 100,
                              .at = i < 4 ? i + 1.0 : 4.5,
                              .seconds = i < 4 ? 1 : 0.5,
                              .operations = 100,
                              .p50 = 10,
                              .p99 = 20,
                              .p999 = 30,
                              .max = 40});
  }
  return result;
}

TEST(RunTimeline, WarmUpAndWhatCameAfterTheEndAreSetOff) {
  const Chart chart = LatencyTimeChart(Result());
  ASSERT_EQ(chart.bands.size(), 2u);
  EXPECT_EQ(chart.bands[0].name, "warm-up");
  EXPECT_EQ(chart.bands[0].from, 0);
  EXPECT_EQ(chart.bands[0].to, 2);
  EXPECT_EQ(chart.bands[1].name, "after the end");
  EXPECT_EQ(chart.bands[1].from, 4);
  EXPECT_EQ(chart.bands[1].to, 4.5);
}

// A ramp: a warm-up at each rate, with nothing between the end of one and the next.
TEST(RunTimeline, TheWarmUpOfEachRateIsSetOffByItself) {
  RunResult result;
  result.seconds = {{.warm_up = true, .asked_rate = 1, .at = 1, .seconds = 1},
                    {.warm_up = true, .asked_rate = 2, .at = 2, .seconds = 1}};
  EXPECT_EQ(ThroughputChart(result).bands.size(), 2u);
}

TEST(RunTimeline, RatesAreWhatWasDoneAndInAnOpenLoopWhatWasAskedFor) {
  RunResult result = Result();
  const Chart open = ThroughputChart(result);
  ASSERT_EQ(open.lines.size(), 2u);
  EXPECT_EQ(open.lines[0].points[4].x, 4.25);
  EXPECT_EQ(open.lines[0].points[4].y, 200);
  EXPECT_EQ(open.lines[1].points[3].y, 100);
  EXPECT_TRUE(std::isnan(open.lines[1].points[4].y)) << "after the end";
  EXPECT_THAT(open.table.rows[4],
              ElementsAre("4.5 s", "after the end", "200", "100", "100", "0", "0"));
  result.phase.asked_rate.reset();
  EXPECT_EQ(ThroughputChart(result).lines.size(), 1u);
}

TEST(RunTimeline, ASecondWithoutAnyOperationHasNoLatency) {
  RunResult result = Result();
  result.seconds[3].operations = 0;
  EXPECT_TRUE(std::isnan(LatencyTimeChart(result).lines[0].points[3].y));
  // Given up: it had waited for so long.
  result.seconds[3].unanswered = 1;
  EXPECT_EQ(LatencyTimeChart(result).lines[3].points[3].y, 40);
}

TEST(RunTimeline, LongRunsHaveSeveralSecondsToAPointAndSaySo) {
  RunResult result;
  for (int i = 1; i <= 3601; ++i) {
    result.seconds.push_back(
        {.at = static_cast<double>(i), .seconds = 1, .operations = 10});
  }
  const Chart chart = ThroughputChart(result);
  EXPECT_EQ(chart.lines[0].points.size(), 515u);
  EXPECT_THAT(chart.text, HasSubstr("A point stands for 7 seconds"));
  EXPECT_THAT(ThroughputChart(Result()).text, Not(HasSubstr("stands for")));
}

TEST(RunTimeline, TogetherIsTheMeanRateAndTheWorstPercentile) {
  RunResult result = Result();
  result.seconds[0].p99 = 50;
  result.seconds[1].operations = 300;
  const std::vector<RunSecond> together = Together(result.seconds, 3);
  ASSERT_EQ(together.size(), 3u) << "one of each phase";
  EXPECT_EQ(together[0].rate(), 200);
  EXPECT_EQ(together[0].p99, 50u);
  EXPECT_EQ(together[0].at, 2);
  EXPECT_EQ(together[1].rate(), 100);
  EXPECT_EQ(Together(result.seconds, 1).size(), 5u);
}

}  // namespace
}  // namespace rcukv::loadtest
