#include "bench/map/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

using Words = std::vector<std::string>;

std::vector<Measure> Planned(const std::string& filter, bool full = true) {
  MapOptions options;
  options.filter = filter;
  options.samplers = "/samplers";
  options.full = full;
  return PlanMap(options);
}

std::map<std::string, Compared> ComparedByName(const std::vector<Measure>& plan) {
  std::map<std::string, Compared> all;
  for (const Measure& measure : plan) {
    for (const Compared& compared : measure.compared) all[compared.name] = compared;
  }
  return all;
}

Words LabelsOf(const Measure& measure) {
  Words labels;
  for (const Arm& arm : measure.arms) labels.push_back(arm.label);
  return labels;
}

TEST(PlanMap, HasWhatIsAskedOfTheMap) {
  auto all = ComparedByName(Planned(""));
  for (const char* size : {"100000", "1000000", "10000000"}) {
    const double multi = size == std::string("10000000") ? 4 : 3;
    for (const char* distribution : {"uniform", "zipf"}) {
      const std::string at = std::string(size) + "." + distribution;
      for (const char* load : {"1t.u0", "1t.u1", "1t.u10", "2t.u0", "2t.u1", "2t.u10"}) {
        EXPECT_EQ(all["map.get." + at + "." + load].target, 1.5) << at << load;
        EXPECT_EQ(all["map.multiget16." + at + "." + load].target, multi) << at << load;
      }
      EXPECT_EQ(all["map.update10." + at + ".1t"].target, 1.5);
      EXPECT_EQ(all["map.update10." + at + ".2t"].target, 1.5);
      EXPECT_EQ(all["map.get_over_limit." + at + ".1t"].target, 0.87);
      EXPECT_EQ(all["map.multiget16_over_limit." + at + ".1t"].target, 0.83);
    }
  }
  EXPECT_EQ(all["map.bytes_per_entry"].target, 2);
}

TEST(PlanMap, TheNamesDiffer) {
  size_t count = 0;
  for (const Measure& measure : Planned("")) count += measure.compared.size();
  EXPECT_EQ(ComparedByName(Planned("")).size(), count);
}

TEST(PlanMap, GetsAndMultiGetsAreComparedWithTheGetsOfAllPeers) {
  auto all = ComparedByName(Planned(""));
  const Compared get = all["map.get.100000.zipf.2t.u10"];
  EXPECT_EQ(get.figure, "get.zipf.2t.u10");
  EXPECT_EQ(get.peer_figure, "");
  const Compared multiget = all["map.multiget16.100000.zipf.2t.u10"];
  EXPECT_EQ(multiget.figure, "multiget16.zipf.2t.u10");
  EXPECT_EQ(multiget.peer_figure, "get.zipf.2t.u10");
  Words peers;
  for (const Peer& peer : kPeers) peers.push_back(peer.table);
  EXPECT_THAT(get.peers, ElementsAreArray(peers));
  EXPECT_THAT(multiget.peers, ElementsAreArray(peers));
}

TEST(PlanMap, LimitsAreComparedWithTheLimitAlone) {
  const std::vector<Measure> plan = Planned("over_limit\\.1000000\\.");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_THAT(LabelsOf(plan[0]), ElementsAre("rcukv", "limit"));
  EXPECT_EQ(plan[0].arms[0].command[4], plan[0].arms[1].command[4]);
}

TEST(PlanMap, EverySampleHasTheRowsThatItsComparisonsNeedAndNoOther) {
  const std::vector<Measure> plan = Planned("multiget16.100000.uniform.1t.u0");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_THAT(
      plan[0].arms[0].command,
      ElementsAre("/samplers/rcukv_sampler", "load", "--table=rcukv", "--entries=100000",
                  "--rows=multiget16.uniform.1t.u0", "--seconds=0.15"));
  EXPECT_THAT(
      plan[0].arms[1].command,
      ElementsAre("/samplers/rculfhash_sampler", "load", "--table=rculfhash-memb",
                  "--entries=100000", "--rows=get.uniform.1t.u0", "--seconds=0.15"));
}

TEST(PlanMap, RowsWithUpdatesComeLast) {
  const std::vector<Measure> plan = Planned("get.100000");
  const std::string rows = plan[0].arms[1].command[4];
  EXPECT_GT(rows.find(".u1,"), rows.rfind(".u0"));
  EXPECT_GT(rows.find(".u10"), rows.rfind(".u1,"));
}

TEST(PlanMap, AFilterPicksComparisonsByAPartOfTheirNames) {
  const auto all = ComparedByName(Planned("^map\\.get\\.10000000\\.zipf\\.1t\\.u0$"));
  EXPECT_EQ(all.size(), 1u);
  EXPECT_EQ(all.count("map.get.10000000.zipf.1t.u0"), 1u);
  EXPECT_THAT(Planned("no such measure"), IsEmpty());
}

TEST(PlanMap, TheMemoryAloneNeedsNoRows) {
  const std::vector<Measure> plan = Planned("^map.bytes_per_entry$");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_THAT(LabelsOf(plan[0]), ElementsAre("rcukv", "rculfhash-memb"));
  EXPECT_THAT(plan[0].arms[0].command, Contains("--rows="));
}

TEST(PlanMap, GrowthIsOfTheTablesThatGrow) {
  const std::vector<Measure> plan = Planned("growth");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].name, "map.growth.10000000");
  EXPECT_THAT(LabelsOf(plan[0]), testing::Not(Contains("libcds-michael")));
}

TEST(PlanMap, TheDefaultLeavesOutRowsAndRounds) {
  EXPECT_LT(ComparedByName(Planned("", /*full=*/false)).size(),
            ComparedByName(Planned("", /*full=*/true)).size());
  EXPECT_EQ(Planned("growth", /*full=*/false)[0].max_rounds, 1);
  EXPECT_GT(Planned("growth", /*full=*/true)[0].max_rounds, 1000);
}

TEST(PlanMap, LargerTablesThanAskedForAreLeftOut) {
  MapOptions options;
  options.max_entries = 1'000'000;
  const std::vector<Measure> plan = PlanMap(options);
  ASSERT_EQ(plan.size(), 3u);
  EXPECT_EQ(plan[1].name, "map.load.1000000");
  EXPECT_EQ(plan[2].name, "map.growth.1000000");
}

}  // namespace
}  // namespace rcukv::bench
