#include "bench/report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Samples Reads(const std::vector<double>& values) {
  Samples samples;
  for (double value : values) samples.push_back({{"reads", value}});
  return samples;
}

MeasureResult Result(const std::vector<double>& ours, const std::vector<double>& peers,
                     std::optional<double> target = std::nullopt) {
  MeasureResult result;
  result.measure = {.name = "rcu.read",
                    .arms = {{"rcukv-memb", {}}, {"liburcu-memb", {}}},
                    .compared = {{"rcu.read.memb", "reads", target}}};
  result.samples = {Reads(ours), Reads(peers)};
  return result;
}

TEST(RatiosOf, TakesTheMedianOfTheRounds) {
  const std::vector<Ratio> ratios =
      RatiosOf({Result({10, 20, 60, 8, 30}, {10, 10, 10, 10, 10})});
  ASSERT_EQ(ratios.size(), 1u);
  EXPECT_EQ(ratios[0].ratio.median, 2);
  EXPECT_EQ(ratios[0].ratio.min, 0.8);
  EXPECT_EQ(ratios[0].ratio.max, 6);
  EXPECT_EQ(ratios[0].ours.median, 20);
  EXPECT_EQ(ratios[0].peer, "liburcu-memb");
}

TEST(RatiosOf, WhatWasNotMeasuredHasNone) {
  EXPECT_THAT(RatiosOf({Result({1}, {})}), IsEmpty());
  MeasureResult alone = Result({1}, {});
  alone.measure.compared.clear();
  alone.samples.pop_back();
  EXPECT_THAT(RatiosOf({alone}), IsEmpty());
}

// Ours has 12 gets and 30 gets in groups; the peers 5, 6 and, which is not to be compared
// with, 100.
MeasureResult ResultOfThree(const Compared& compared) {
  MeasureResult result;
  result.measure = {.name = "map.load",
                    .arms = {{"rcukv", {}}, {"tbb", {}}, {"absl", {}}, {"limit", {}}},
                    .compared = {compared}};
  result.samples = {{{{"get", 12}, {"multiget", 30}}},
                    {{{"get", 5}}},
                    {{{"get", 6}}},
                    {{{"get", 100}}}};
  return result;
}

TEST(RatiosOf, IsToTheBestOfThePeersThatAreNamed) {
  const std::vector<Ratio> ratios = RatiosOf({ResultOfThree(
      {.name = "map.get", .figure = "get", .peers = {"tbb", "absl", "no such"}})});
  ASSERT_EQ(ratios.size(), 1u);
  EXPECT_EQ(ratios[0].peer, "absl");
  EXPECT_EQ(ratios[0].ratio.median, 2);
}

TEST(RatiosOf, IsToTheBestOfAllWhereNoneIsNamed) {
  const std::vector<Ratio> ratios =
      RatiosOf({ResultOfThree({.name = "map.get", .figure = "get"})});
  EXPECT_EQ(ratios[0].peer, "limit");
}

TEST(RatiosOf, MayCompareWithAnotherFigureOfThePeers) {
  const std::vector<Ratio> ratios = RatiosOf({ResultOfThree({.name = "map.multiget",
                                                             .figure = "multiget",
                                                             .peer_figure = "get",
                                                             .peers = {"tbb", "absl"}})});
  ASSERT_EQ(ratios.size(), 1u);
  EXPECT_EQ(ratios[0].ratio.median, 5);
}

TEST(RatiosOf, LowerMayBeBetter) {
  const std::vector<Ratio> ratios =
      RatiosOf({ResultOfThree({.name = "map.bytes",
                               .figure = "get",
                               .peers = {"absl", "limit", "tbb"},
                               .lower_is_better = true})});
  EXPECT_EQ(ratios[0].peer, "tbb");
  EXPECT_EQ(ratios[0].ratio.median, 5.0 / 12);
}

TEST(RatioLines, HaveTheFormOfTheContract) {
  EXPECT_EQ(RatioLines(RatiosOf({Result({1.624}, {1}), Result({3}, {2})})),
            "ratio rcu.read.memb 1.62x vs liburcu-memb\n"
            "ratio rcu.read.memb 1.50x vs liburcu-memb\n");
}

TEST(RenderSummary, SaysWhetherATargetIsReached) {
  const std::string summary =
      RenderSummary(RatiosOf({Result({1.5}, {1}, 1.5), Result({1.49}, {1}, 1.5)}));
  EXPECT_THAT(summary, HasSubstr("1.5 met"));
  EXPECT_THAT(summary, HasSubstr("1.5 MISSED"));
  EXPECT_THAT(summary, HasSubstr("1 of 2 targets met"));
  EXPECT_THAT(RenderSummary(RatiosOf({Result({1}, {1}, 0.87)})), HasSubstr("0.87 met"));
}

TEST(RenderSummary, WhatHasNoTargetNeitherReachesNorMissesIt) {
  const std::string summary = RenderSummary(RatiosOf({Result({0.1}, {1})}));
  EXPECT_THAT(summary, HasSubstr("0 of 0 targets met"));
}

TEST(RenderLeftOut, GivesTheReason) {
  MeasureResult result = Result({1}, {});
  EXPECT_EQ(RenderLeftOut({result}), "");
  result.status = absl::UnavailableError("liburcu-memb: no membarrier");
  EXPECT_EQ(RenderLeftOut({result}),
            "rcu.read: incomplete: liburcu-memb: no membarrier\n");
}

}  // namespace
}  // namespace rcukv::bench
