#include "loadtest/flip/flip_charts.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> Ids(const FlipResult& result) {
  std::vector<std::string> ids;
  for (const Chart& chart : FlipCharts(result)) ids.push_back(chart.id);
  return ids;
}

Chart ChartOf(const FlipResult& result, const std::string& id) {
  for (const Chart& chart : FlipCharts(result)) {
    if (chart.id == id) return chart;
  }
  ADD_FAILURE() << "no chart " << id;
  return {};
}

auto CountDrawn(const Line& line) {
  return std::count_if(line.points.begin(), line.points.end(),
                       [](const Point& point) { return std::isfinite(point.y); });
}

TEST(FlipCharts, EachQuantityHasOne) {
  EXPECT_THAT(Ids(SomeFlipResult()),
              ElementsAre("reads", "read-p50", "read-p99", "read-p999", "writes",
                          "write-p99", "grace-periods", "backlog", "interrupts"));
}

TEST(FlipCharts, ASettingIsDrawnWhereItWasInForceAndNowhereElse) {
  const FlipResult result = SomeFlipResult();
  const Chart chart = ChartOf(result, "read-p99");
  ASSERT_THAT(chart.lines, SizeIs(2));
  EXPECT_EQ(chart.lines[1].name, "non_expedited/call_rcu");
  for (size_t setting = 0; setting < 2; ++setting) {
    const Line& line = chart.lines[setting];
    EXPECT_EQ(CountDrawn(line), 6 * 4);
    for (const Point& point : line.points) {
      if (!std::isfinite(point.y)) continue;
      EXPECT_EQ(result.phases[static_cast<size_t>(point.x)].setting, setting);
    }
  }
  // The samples of a phase, in their middles, and the gap until it is in force again.
  EXPECT_EQ(chart.lines[0].points[0].x, 0.125);
  EXPECT_EQ(chart.lines[0].points[0].y, 200e3);
  EXPECT_EQ(chart.lines[0].points[3].x, 0.875);
  EXPECT_EQ(chart.lines[0].points[4].x, 1);
  EXPECT_TRUE(std::isnan(chart.lines[0].points[4].y));
}

TEST(FlipCharts, EveryOtherPhaseIsSetOffWithItsName) {
  const Chart chart = ChartOf(SomeFlipResult(), "reads");
  ASSERT_THAT(chart.bands, SizeIs(6));
  EXPECT_EQ(chart.bands[0].name, "non_expedited/call_rcu");
  EXPECT_EQ(chart.bands[0].from, 1);
  EXPECT_EQ(chart.bands[0].to, 2);
}

TEST(FlipCharts, TheTableHasARowForEachPhase) {
  FlipResult result = SomeFlipResult();
  result.phases.back().complete = false;
  const Table table = ChartOf(result, "grace-periods").table;
  ASSERT_THAT(table.rows, SizeIs(12));
  EXPECT_THAT(table.rows[1],
              ElementsAre("1.0 s", "non_expedited/call_rcu", "1", "10.0 ms"));
  EXPECT_EQ(table.rows.back()[3], "cut short");
}

TEST(FlipCharts, WhatWasNotMeasuredIsNotDrawn) {
  FlipResult result = SomeFlipResult();
  for (FlipSample& sample : result.samples) sample.figures.interrupts.reset();
  EXPECT_THAT(Ids(result), Not(Contains("interrupts")));
  EXPECT_THAT(FlipCharts({}), IsEmpty());
}

TEST(FlipCharts, ALatencyOfNothingIsAGap) {
  FlipResult result = SomeFlipResult();
  result.samples[1].figures.reads = {};
  const Chart chart = ChartOf(result, "read-p99");
  EXPECT_TRUE(std::isnan(chart.lines[0].points[1].y));
  EXPECT_EQ(ChartOf(result, "reads").lines[0].points[1].y, 0);
}

TEST(FlipCharts, OfVeryManySamplesThePhasesAreDrawn) {
  FlipResult result = SomeFlipResult();
  result.samples.resize(kMostDrawnSamples + 1, result.samples.back());
  const Chart chart = ChartOf(result, "read-p99");
  EXPECT_EQ(CountDrawn(chart.lines[0]), 6);
  EXPECT_EQ(chart.lines[0].points[0].x, 0.5);
}

}  // namespace
}  // namespace rcukv::loadtest
