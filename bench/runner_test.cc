#include "bench/runner.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Measure OursAndPeer() {
  return {.name = "m", .arms = {{"ours", {}}, {"peer", {}}}, .compared = {}};
}

TEST(RunMeasure, TakesTurnsAndChangesWhoIsFirst) {
  std::vector<std::string> turns;
  const MeasureResult result =
      RunMeasure(OursAndPeer(), 3, [&](const Arm& arm) -> absl::StatusOr<Figures> {
        turns.push_back(arm.label);
        return Figures{{"turn", static_cast<double>(turns.size())}};
      });
  EXPECT_THAT(turns, ElementsAre("ours", "peer", "peer", "ours", "ours", "peer"));
  EXPECT_THAT(ValuesOf(result.samples[0], "turn"), ElementsAre(1, 4, 5));
  EXPECT_THAT(ValuesOf(result.samples[1], "turn"), ElementsAre(2, 3, 6));
  EXPECT_TRUE(result.status.ok());
}

TEST(RunMeasure, TakesNoMoreRoundsThanTheMeasureAllows) {
  Measure measure = OursAndPeer();
  measure.max_rounds = 2;
  const auto take = [](const Arm&) -> absl::StatusOr<Figures> { return Figures{}; };
  EXPECT_EQ(RunMeasure(measure, 5, take).samples[0].size(), 2u);
  EXPECT_EQ(RunMeasure(measure, 1, take).samples[0].size(), 1u);
}

TEST(RunMeasure, EndsWithTheFirstSampleThatFails) {
  int taken = 0;
  const MeasureResult result =
      RunMeasure(OursAndPeer(), 3, [&](const Arm&) -> absl::StatusOr<Figures> {
        if (++taken == 4) return absl::UnavailableError("no membarrier");
        return Figures{};
      });
  EXPECT_EQ(taken, 4);
  EXPECT_EQ(result.status, absl::UnavailableError("ours: no membarrier"));
}

TEST(SampleInAProcess, GivesWhatTheSamplerWroteAndItsPeak) {
  const absl::StatusOr<Figures> figures =
      SampleInAProcess({"sh", {"/bin/sh", "-c", "echo reads 7"}});
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_EQ(figures->at("reads"), 7);
  EXPECT_GT(figures->at("peak_rss_bytes"), 0);
}

TEST(SampleInAProcess, ASamplerThatTalksNonsenseIsQuoted) {
  const absl::StatusOr<Figures> figures =
      SampleInAProcess({"sh", {"/bin/sh", "-c", "echo I am fine"}});
  EXPECT_THAT(std::string(figures.status().message()), HasSubstr("I am fine"));
}

}  // namespace
}  // namespace rcukv::bench
