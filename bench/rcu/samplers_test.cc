// The programs themselves, with tiny loads. No liburcu: where the benchmark wants one,
// our own sampler stands in.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/command.h"
#include "bench/figures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;

// Paths in the runfiles of this test, in which it runs.
constexpr char kBench[] = "bench/bench";
constexpr char kSampler[] = "bench/rcu/rcukv_sampler";
constexpr char kMembarrierSampler[] = "bench/rcu/membarrier_sampler";
constexpr char kModesSampler[] = "bench/rcu/modes_sampler";

using Words = std::vector<std::string>;

Figures Sample(const Words& command) {
  const absl::StatusOr<Finished> finished = RunToEnd(command);
  EXPECT_TRUE(finished.ok()) << finished.status();
  if (!finished.ok()) return {};
  const absl::StatusOr<Figures> figures = ParseFigures(finished->output);
  EXPECT_TRUE(figures.ok()) << figures.status();
  return figures.value_or(Figures());
}

TEST(RcukvSampler, ALoadOfAllKindsOfThreadsEndsWithItsFigures) {
  for (const char* flavor : {"mb", "memb", "non_expedited", "signal", "qsbr"}) {
    const Figures figures =
        Sample({kSampler, "load", absl::StrCat("--flavor=", flavor), "--readers=2",
                "--writers=2", "--synchronizers=1", "--idle=3", "--seconds=0.05"});
    // The figures may be 0 on a machine that is busy with something else.
    EXPECT_THAT(figures, ElementsAre(Key("reads_per_second"), Key("syncs_per_second"),
                                     Key("writes_per_second")))
        << flavor;
  }
}

TEST(RcukvSampler, AReaderAloneReads) {
  const Figures figures =
      Sample({kSampler, "load", "--flavor=memb", "--readers=1", "--seconds=0.2"});
  EXPECT_GT(figures.at("reads_per_second"), 0);
  EXPECT_EQ(figures.at("writes_per_second"), 0);
  EXPECT_EQ(figures.at("syncs_per_second"), 0);
}

TEST(RcukvSampler, RetiresAndReclaimsEveryObject) {
  for (const char* allocate : {"--allocate=false", "--allocate=true"}) {
    Figures figures =
        Sample({kSampler, "retire", "--flavor=memb", "--callbacks=100000", allocate});
    EXPECT_GT(figures["callbacks_per_second"], 0);
    EXPECT_GE(figures["peak_over_start_bytes"], 0);
  }
}

TEST(RcukvSampler, AFlavorThatThereIsNotIsUnavailable) {
  EXPECT_EQ(RunToEnd({kSampler, "load", "--flavor=srcu"}).status(),
            absl::UnavailableError("there is no flavor \"srcu\""));
}

TEST(RcukvSampler, AWrongFlagIsAnError) {
  EXPECT_EQ(RunToEnd({kSampler, "load", "--readers=-1"}).status().code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(RunToEnd({kSampler, "read"}).status().code(), absl::StatusCode::kInternal);
}

TEST(MembarrierSampler, TimesCallsWithBusyThreads) {
  Figures figures = Sample(
      {kMembarrierSampler, "--command=private_expedited", "--busy=1", "--seconds=0.02"});
  EXPECT_GT(figures["calls"], 0);
  EXPECT_GT(figures["median_us"], 0);
  EXPECT_GE(figures["max_us"], figures["median_us"]);
}

// Until these rates are not 0: on a machine that is busy with something else it may take
// a longer sample to see them.
Figures ModesSample(const Words& flags, const Words& rates) {
  Figures figures;
  for (const char* seconds : {"0.2", "1", "5"}) {
    Words command = {kModesSampler, absl::StrCat("--seconds=", seconds)};
    command.insert(command.end(), flags.begin(), flags.end());
    figures = Sample(command);
    if (std::all_of(rates.begin(), rates.end(),
                    [&](const std::string& rate) { return figures[rate] > 0; })) {
      return figures;
    }
  }
  ADD_FAILURE() << "no " << absl::StrJoin(rates, ", or no ") << " in 5 s";
  return figures;
}

constexpr char kExpedited[] = "expedited_per_second";
constexpr char kNonExpedited[] = "non_expedited_per_second";
constexpr char kGlobalExpedited[] = "global_expedited_per_second";

TEST(ModesSampler, APureModeMakesCallsOfItsOwnAlone) {
  Figures figures = ModesSample({"--mode=expedited"}, {kExpedited});
  EXPECT_EQ(figures[kNonExpedited] + figures[kGlobalExpedited], 0);
  figures = ModesSample({"--mode=non_expedited"}, {kNonExpedited});
  EXPECT_EQ(figures[kExpedited] + figures[kGlobalExpedited], 0);
  figures = ModesSample({"--mode=global_expedited"}, {kGlobalExpedited});
  EXPECT_EQ(figures[kExpedited] + figures[kNonExpedited], 0);
}

TEST(ModesSampler, ModeAdaptiveMakesCallsOfBothKinds) {
  ModesSample({"--mode=adaptive"}, {kExpedited, kNonExpedited});
}

TEST(ModesSampler, ModeAdaptiveWithoutABudgetIsNonExpedited) {
  Figures figures = ModesSample({"--mode=adaptive", "--budget=0"}, {kNonExpedited});
  EXPECT_EQ(figures[kExpedited], 0);
}

TEST(ModesSampler, TellsWhatReadersAndWritersHaveOfTheMode) {
  Figures figures =
      ModesSample({"--mode=expedited"}, {"reads_per_second", "writes_per_second"});
  EXPECT_GT(figures["sync_p50_us"], 0);
  EXPECT_GE(figures["sync_p99_us"], figures["sync_p50_us"]);
  EXPECT_GE(figures["sync_due_p50_us"], figures["sync_p50_us"]);
  EXPECT_GT(figures["reclaim_p50_ms"], 0);
  EXPECT_GE(figures["reclaim_p99_ms"], figures["reclaim_p50_ms"]);
}

TEST(ModesSampler, ACallThatComesLateIsCountedFromWhenItWasDue) {
  // One thread for many more calls than it can make: ever later.
  Figures figures = Sample({kModesSampler, "--mode=expedited", "--synchronizers=1",
                            "--syncs_per_second=1e7", "--seconds=0.02"});
  EXPECT_GT(figures["sync_due_p99_us"], 2 * figures["sync_p99_us"]);
}

TEST(ModesSampler, AModeThatThereIsNotIsAnError) {
  EXPECT_EQ(RunToEnd({kModesSampler, "--mode=polite"}).status().code(),
            absl::StatusCode::kInternal);
}

// A folder of samplers. Ours stands in for liburcu's, unless a script does.
std::string Samplers(const std::string& liburcu_script = "") {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "samplers";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::filesystem::path ours = std::filesystem::absolute(kSampler);
  std::filesystem::create_symlink(ours, folder / "rcukv_sampler");
  const std::filesystem::path liburcu = folder / "liburcu_sampler";
  if (liburcu_script.empty()) {
    std::filesystem::create_symlink(ours, liburcu);
  } else {
    std::ofstream(liburcu) << "#!/bin/sh\n" << liburcu_script << "\n";
    std::filesystem::permissions(liburcu, std::filesystem::perms::owner_all);
  }
  return folder;
}

TEST(Bench, ComparesReportsAndWritesJson) {
  const std::string json_file = testing::TempDir() + "/rcu.json";
  const absl::StatusOr<Finished> finished =
      RunToEnd({kBench, "rcu", "--samplers=" + Samplers(), "--filter=read.memb.1r1w",
                "--seconds=0.02", "--json=" + json_file});
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output, AllOf(HasSubstr("ratio rcu.read.memb.1r1w "),
                                      HasSubstr("x vs liburcu-memb")));
  std::ifstream file(json_file);
  const auto json = nlohmann::json::parse(file);
  EXPECT_EQ(json["measures"][0]["arms"][1]["samples"].size(), 5u);
  EXPECT_EQ(json["ratios"][0]["target"], 1);
}

TEST(Bench, WhatTheMachineCannotDoIsLeftOut) {
  const absl::StatusOr<Finished> finished =
      RunToEnd({kBench, "rcu", "--samplers=" + Samplers("echo no membarrier; exit 3"),
                "--filter=read.memb.1r1w", "--seconds=0.02"});
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output, Not(HasSubstr("ratio")));
}

TEST(Bench, ASamplerThatFailsIsAFailure) {
  const absl::Status status = RunToEnd({kBench, "rcu", "--samplers=" + Samplers("exit 1"),
                                        "--filter=read.memb.1r1w", "--seconds=0.02"})
                                  .status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("status 1"));
}

TEST(Bench, ASamplerThatIsMissingIsToldBeforeAnythingIsMeasured) {
  const absl::Status status =
      RunToEnd({kBench, "rcu", "--samplers=" + Samplers(), "--filter=table"}).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("status 2"));
}

TEST(Bench, AWrongCommandLineIsAnError) {
  for (const Words& arguments :
       {Words{}, Words{"maps"}, Words{"rcu", "--rounds=1"}, Words{"rcu", "--filter=xyz"},
        Words{"rcu", "--json=/no/such/folder/file", "--filter=busy",
              "--samplers=" + Samplers()}}) {
    Words command = {kBench};
    command.insert(command.end(), arguments.begin(), arguments.end());
    EXPECT_THAT(std::string(RunToEnd(command).status().message()), HasSubstr("status 2"));
  }
}

}  // namespace
}  // namespace rcukv::bench
