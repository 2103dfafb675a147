#include "bench/serve/plan.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

using Words = std::vector<std::string>;

const std::vector<RunningServer>& Running() {
  static const std::vector<RunningServer> servers = {
      {ServerKind::kRcukv, "rcukv", 1001, 11},
      {ServerKind::kRedis, "redis", 1002, 12},
      {ServerKind::kMemcached, "memcached-t1", 1003, 13},
      {ServerKind::kMemcached, "memcached-t2", 1004, 14},
      {ServerKind::kRcukvBare, "bare", 1005, 15},
  };
  return servers;
}

std::vector<Measure> Planned(const std::string& filter = "") {
  ServeOptions options;
  options.filter = filter;
  options.samplers = "/samplers";
  return PlanServe(options, Running(), /*rate=*/5000);
}

// By name and the server that it is compared with, or "both".
std::map<std::string, Compared> Comparisons() {
  std::map<std::string, Compared> all;
  for (const Measure& measure : Planned()) {
    for (const Compared& compared : measure.compared) {
      std::set<std::string> peers;
      for (const std::string& label : compared.peers) {
        peers.insert(absl::StartsWith(label, "redis") ? "redis" : "memcached");
      }
      all[absl::StrCat(compared.name, " ", peers.size() == 2 ? "both" : *peers.begin())] =
          compared;
    }
  }
  return all;
}

Words LabelsOf(const std::vector<Arm>& arms) {
  Words labels;
  for (const Arm& arm : arms) labels.push_back(arm.label);
  return labels;
}

const Arm& ArmCalled(const Measure& measure, const std::string& label) {
  for (const Arm& arm : measure.arms) {
    if (arm.label == label) return arm;
  }
  ADD_FAILURE() << "no arm " << label;
  return measure.arms[0];
}

TEST(PlanServe, HasWhatIsAskedOfTheServingPath) {
  auto all = Comparisons();
  EXPECT_EQ(all.at("serve.get.50callers memcached").target, 2);
  EXPECT_EQ(all.at("serve.get.50callers redis").target, 2);
  EXPECT_EQ(all.at("serve.batch.16 both").target, 1);
  EXPECT_EQ(all.at("serve.batch.100 both").target, 1.5);
  EXPECT_EQ(all.at("serve.batch.1000 both").target, 4);
  for (const char* load : {"get.50callers", "batch.16", "batch.100", "batch.1000"}) {
    for (const char* figure : {"server_cpu_us_per_key.", "cpu_us_per_key."}) {
      EXPECT_TRUE(all.at(absl::StrCat("serve.", figure, load, " both")).lower_is_better);
    }
  }
  EXPECT_TRUE(all.at("serve.p99.50callers memcached").lower_is_better);
  EXPECT_EQ(all.at("serve.p99.50callers redis").figure, "p99_us");
}

TEST(PlanServe, CallersOfOneShapeAreComparedWithThoseOfTheSame) {
  auto all = Comparisons();
  const Compared threads = all.at("serve.get.50threads both");
  EXPECT_THAT(threads.ours, ElementsAre("rcukv/threads"));
  EXPECT_THAT(threads.peers, Contains("redis/threads"));
  EXPECT_THAT(threads.peers, Not(Contains("redis/loops1")));
  const Compared async = all.at("serve.get.50async both");
  EXPECT_THAT(async.ours, ElementsAre("rcukv/async"));
  EXPECT_THAT(async.peers, Contains("memcached-t2/meta/loops2"));
  EXPECT_THAT(async.peers, Not(Contains("redis/threads")));
}

TEST(PlanServe, TheBestOfAllWaysOfEachSideIsCompared) {
  const Compared best = Comparisons().at("serve.get.50callers memcached");
  EXPECT_THAT(best.ours, ElementsAre("rcukv/threads", "rcukv/async"));
  for (const char* server : {"memcached-t1", "memcached-t2"}) {
    for (const char* way : {"/text/threads", "/text/loops1", "/text/loops2",
                            "/meta/threads", "/meta/loops1", "/meta/loops2"}) {
      EXPECT_THAT(best.peers, Contains(absl::StrCat(server, way)));
    }
  }
}

// The others' servers, callers and entries are the same.
TEST(PlanServe, AnArmSaysWhichServerIsAskedHow) {
  const std::vector<Measure> plan = Planned("batch.100$");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_THAT(
      ArmCalled(plan[0], "memcached-t2/meta/loops1").command,
      ElementsAre("/samplers/sampler", "batch", "--protocol=memcache-meta", "--port=1004",
                  "--pid=14", "--entries=1000000", "--shape=events", "--callers=4",
                  "--loops=1", "--seconds=1", "--keys=100"));
  EXPECT_THAT(ArmCalled(plan[0], "rcukv/threads").command,
              ElementsAre("/samplers/sampler", "batch", "--protocol=rcukv", "--port=1001",
                          "--pid=11", "--entries=1000000", "--shape=threads",
                          "--callers=4", "--loops=1", "--seconds=1", "--keys=100"));
}

TEST(PlanServe, TheServicesAroundTheDataPlaneAreComparedWithOurselvesWithoutThem) {
  const std::vector<Measure> plan = Planned("serve.services");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_THAT(LabelsOf(plan[0].arms),
              ElementsAre("rcukv/async", "rcukv/checked/async", "bare/async"));
  EXPECT_THAT(ArmCalled(plan[0], "rcukv/checked/async").command,
              Contains("--health_checks=100"));
  EXPECT_THAT(ArmCalled(plan[0], "bare/async").command, Contains("--port=1005"));
  ASSERT_EQ(plan[0].compared.size(), 2u);
  EXPECT_EQ(plan[0].compared[0].name, "serve.services.health");
  EXPECT_THAT(plan[0].compared[0].ours, ElementsAre("rcukv/checked/async"));
  EXPECT_THAT(plan[0].compared[0].peers, ElementsAre("rcukv/async"));
  EXPECT_EQ(plan[0].compared[1].name, "serve.services.reflection");
  EXPECT_THAT(plan[0].compared[1].ours, ElementsAre("rcukv/async"));
  EXPECT_THAT(plan[0].compared[1].peers, ElementsAre("bare/async"));
}

TEST(PlanServe, TheBareServerIsInNoOtherMeasure) {
  for (const Measure& measure : Planned("serve.(get|batch|p99)")) {
    for (const Arm& arm : measure.arms)
      EXPECT_THAT(arm.command, Not(Contains("--port=1005")));
  }
}

TEST(PlanServe, OpenLoopsGetOneRate) {
  const std::vector<Measure> plan = Planned("p99");
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].name, kPacedMeasure);
  for (const Arm& arm : plan[0].arms) {
    EXPECT_THAT(arm.command, Contains("--rate=5000")) << arm.label;
    EXPECT_THAT(arm.command, Contains("--callers=50")) << arm.label;
  }
}

TEST(PlanServe, EveryNameInAComparisonIsThatOfAnArm) {
  for (const Measure& measure : Planned()) {
    const Words labels = LabelsOf(measure.arms);
    for (const Compared& compared : measure.compared) {
      EXPECT_THAT(compared.ours, Not(IsEmpty()));
      EXPECT_THAT(compared.peers, Not(IsEmpty()));
      for (const std::string& label : compared.ours) EXPECT_THAT(labels, Contains(label));
      for (const std::string& label : compared.peers)
        EXPECT_THAT(labels, Contains(label));
    }
  }
}

TEST(PlanServe, AFilterPicksMeasures) {
  EXPECT_THAT(Planned("no such measure"), IsEmpty());
  EXPECT_EQ(Planned("serve.get").size(), 1u);
  EXPECT_EQ(Planned("serve.cpu").size(), 4u);
}

TEST(PeakArms, AreMemcachedsEventLoops) {
  EXPECT_THAT(LabelsOf(PeakArms({}, Running())),
              ElementsAre("memcached-t1/text/loops1", "memcached-t1/text/loops2",
                          "memcached-t1/meta/loops1", "memcached-t1/meta/loops2",
                          "memcached-t2/text/loops1", "memcached-t2/text/loops2",
                          "memcached-t2/meta/loops1", "memcached-t2/meta/loops2"));
}

TEST(FillArm, SpeaksTheServersProtocol) {
  ServeOptions options;
  options.samplers = "/samplers";
  EXPECT_THAT(FillArm(options, Running()[1]).command,
              ElementsAre("/samplers/sampler", "fill", "--protocol=redis", "--port=1002",
                          "--pid=12", "--entries=1000000"));
}

}  // namespace
}  // namespace rcukv::bench
