#include "bench/write/plan.h"

#include <map>
#include <string>
#include <vector>

#include "bench/write/stores.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;

using Words = std::vector<std::string>;

std::vector<RunningServer> Running() {
  std::vector<RunningServer> servers = NoStores();
  for (size_t i = 0; i < servers.size(); ++i) {
    servers[i].port = static_cast<int>(1001 + i);
    servers[i].pid = static_cast<pid_t>(11 + i);
  }
  return servers;
}

std::vector<Measure> Planned(const std::string& filter = "") {
  WriteOptions options;
  options.filter = filter;
  options.samplers = "/samplers";
  options.server = "/server";
  return PlanWrite(options, Running(), "/data/recovered");
}

Words LabelsOf(const Measure& measure) {
  Words labels;
  for (const Arm& arm : measure.arms) labels.push_back(arm.label);
  return labels;
}

const Arm& ArmCalled(const Measure& measure, const std::string& label) {
  for (const Arm& arm : measure.arms) {
    if (arm.label == label) return arm;
  }
  ADD_FAILURE() << "no arm " << label;
  return measure.arms[0];
}

TEST(PlanWrite, HasWhatIsAskedOfTheWritePath) {
  std::map<std::string, Compared> all;
  for (const Measure& measure : Planned()) {
    for (const Compared& compared : measure.compared) all[compared.name] = compared;
  }
  for (const char* durability : {"sync", "async"}) {
    const std::string puts = std::string("write.puts.") + durability;
    EXPECT_EQ(all.at(puts + ".1clients").target, std::nullopt);
    EXPECT_EQ(all.at(puts + ".16clients").target, std::nullopt);
    EXPECT_EQ(all.at(puts + ".64clients").target, 1);
  }
  EXPECT_EQ(all.at("write.recovery").target, 0.5);
  EXPECT_TRUE(all.at("write.reads.p99").lower_is_better);
  EXPECT_FALSE(all.at("write.reads.puts").lower_is_better);
}

TEST(PlanWrite, EachDurabilityIsComparedWithRedissOfTheSameKind) {
  EXPECT_THAT(
      LabelsOf(Planned("write.puts.sync.16").at(0)),
      ElementsAre("rcukv-sync/threads", "redis-always/threads", "rcukv-sync/bulk",
                  "redis-always/loops1", "redis-always/loops2", "redis-always/pipeline"));
  EXPECT_THAT(LabelsOf(Planned("write.puts.async.16").at(0)),
              ElementsAre("rcukv-async/threads", "redis-everysec/threads",
                          "rcukv-async/bulk", "redis-everysec/loops1",
                          "redis-everysec/loops2", "redis-everysec/pipeline"));
}

TEST(PlanWrite, OneClientIsForOneLoop) {
  EXPECT_THAT(LabelsOf(Planned("write.puts.sync.1c").at(0)),
              Not(Contains("redis-always/loops2")));
}

TEST(PlanWrite, AnArmSaysWhichServerIsWrittenToHow) {
  const Measure measure = Planned("write.puts.sync.64").at(0);
  EXPECT_THAT(ArmCalled(measure, "redis-always/loops2").command,
              ElementsAre("/samplers/../serve/sampler", "put", "--protocol=redis",
                          "--port=1004", "--pid=14", "--entries=100000", "--shape=events",
                          "--callers=64", "--loops=2", "--seconds=2"));
  EXPECT_THAT(ArmCalled(measure, "redis-always/pipeline").command,
              IsSupersetOf({"--port=1004", "--shape=pipeline", "--callers=64"}));
  EXPECT_THAT(ArmCalled(measure, "rcukv-sync/threads").command,
              ElementsAre("/samplers/../serve/sampler", "put", "--protocol=rcukv",
                          "--port=1001", "--pid=11", "--entries=100000",
                          "--shape=threads", "--callers=64", "--loops=1", "--seconds=2"));
}

TEST(PlanWrite, ReadsOfBothKindsOfReclamationHaveTheSameRateAndWriters) {
  const Measure measure = Planned("write.reads").at(0);
  ASSERT_THAT(measure.arms, SizeIs(2));
  EXPECT_THAT(ArmCalled(measure, kOursSync).command, Contains("--port=1001"));
  EXPECT_THAT(ArmCalled(measure, kOursSynchronize).command, Contains("--port=1003"));
  for (const Arm& arm : measure.arms) {
    EXPECT_THAT(arm.command, Contains("--rate=1000"));
    EXPECT_THAT(arm.command, Contains("--writers=64"));
  }
}

TEST(PlanWrite, ARecoveryAndItsScansAreOfOneDirectory) {
  const Measure measure = Planned("write.recovery").at(0);
  EXPECT_THAT(LabelsOf(measure), ElementsAre("rcukv", "scan", "scan-parallel"));
  for (const Arm& arm : measure.arms) {
    EXPECT_THAT(arm.command, Contains("--data_dir=/data/recovered"));
    EXPECT_THAT(arm.command, Contains("--entries=10000000"));
  }
  EXPECT_THAT(measure.arms[0].command, Contains("--server=/server"));
}

TEST(PlanWrite, EveryNameInAComparisonIsThatOfAnArm) {
  for (const Measure& measure : Planned()) {
    for (const Compared& compared : measure.compared) {
      for (const Words& labels : {compared.ours, compared.peers}) {
        for (const std::string& label : labels) {
          EXPECT_THAT(LabelsOf(measure), Contains(label));
        }
      }
    }
  }
}

TEST(PlanWrite, AFilterPicksMeasures) {
  EXPECT_THAT(Planned("no such measure"), IsEmpty());
  EXPECT_THAT(Planned("write.puts"), SizeIs(6));
}

TEST(FillStoreArm, SpeaksTheServersProtocol) {
  WriteOptions options;
  options.samplers = "/samplers";
  EXPECT_THAT(FillStoreArm(options, Running()[3]).command,
              ElementsAre("/samplers/../serve/sampler", "fill", "--protocol=redis",
                          "--port=1004", "--pid=14", "--entries=100000"));
}

}  // namespace
}  // namespace rcukv::bench
