// `loadtest run` as a program, against real servers, with tiny loads.
#include "loadtest/workload/run_end_to_end.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/loadtest_runner.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(RunEndToEnd, EveryWorkloadIsAnsweredRightly) {
  StartServer();
  for (const char* workload : {"a", "b", "c", "d", "e", "f"}) {
    const Outcome outcome =
        Run({std::string("--workload=") + workload, "--value_bytes=zipf:16-4000",
             "--connections=2", "--key_bytes=uniform:16-64"});
    EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
    EXPECT_THAT(outcome.output,
                AllOf(HasSubstr("(warm-up)"), HasSubstr("p99.9"), HasSubstr(" 0 wrong")));
  }
}

TEST_F(RunEndToEnd, JsonAndCsvHaveEverySecond) {
  StartServer();
  const std::string json_path = testing::TempDir() + "/run.json";
  const std::string csv_path = testing::TempDir() + "/run.csv";
  const Outcome outcome = Run({"--workload=get:8,put:1,rmw:1,insert:1,scan:1",
                               "--admin_address=" + server_->addresses().admin,
                               "--json=" + json_path, "--csv=" + csv_path});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  const nlohmann::json json = nlohmann::json::parse(Content(json_path));
  EXPECT_EQ(json["wrong"], 0);
  EXPECT_GT(json["rate"], 0);
  EXPECT_EQ(json["server"]["store"], "memory") << "as the test starts it";
  EXPECT_NE(json["server"]["version"], "");
  uint64_t measured = 0;
  for (const nlohmann::json& second : json["seconds"]) {
    if (!second["warm_up"]) measured += second["operations"].get<uint64_t>();
  }
  EXPECT_EQ(json["measured_operations"], measured);
  for (const char* kind : {"get", "put", "rmw", "insert", "scan"}) {
    EXPECT_GT(json["operations"][kind]["from_send"]["count"], 0) << kind;
  }
  const std::vector<std::string> lines = absl::StrSplit(Content(csv_path), '\n');
  // The names, the seconds, and what is behind the last end of a line.
  EXPECT_EQ(lines.size(), json["seconds"].size() + 2);
}

TEST_F(RunEndToEnd, ThePageHasTheCommandAndTheChartsOfTheRun) {
  StartServer();
  const std::string path = testing::TempDir() + "/it's a run.html";
  const Outcome outcome = Run({"--rate=1000", "--html=" + path});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(
      Content(path),
      AllOf(StartsWith("<!DOCTYPE html>"), EndsWith("</html>\n"),
            HasSubstr("<code>./run loadtest run --address=" + server_->addresses().data),
            HasSubstr(" &#39;--html="), HasSubstr("\"id\":\"curves-sent\""),
            HasSubstr("0 wrong")));
}

TEST_F(RunEndToEnd, AnOpenLoopHasBothLatenciesAndIsAboutAsFastAsAskedFor) {
  StartServer();
  const std::string path = testing::TempDir() + "/open.json";
  const Outcome outcome = Run({"--rate=1000", "--json=" + path});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(
      outcome.output,
      AllOf(HasSubstr("Schedule error: "), HasSubstr("The generator itself takes "),
            HasSubstr("when the call was due"), HasSubstr("when it was sent")));
  const nlohmann::json json = nlohmann::json::parse(Content(path));
  const nlohmann::json& all = json["operations"]["all"];
  EXPECT_GT(all["from_due"]["count"], 0);
  // However busy the machine: not many more than came due until the end.
  const double seconds = json["seconds"].back()["at_seconds"];
  EXPECT_LT(all["from_due"]["count"].get<double>(), 1.5 * 1000 * seconds);
  EXPECT_GE(all["from_due"]["percentiles_ns"]["100"],
            all["from_send"]["percentiles_ns"]["100"]);
}

TEST_F(RunEndToEnd, AGetOfABatchReadsManyKeysInBothLoops) {
  StartServer();
  const std::string path = testing::TempDir() + "/batch.json";
  for (const char* loop : {"--rate=500", "--connections=2"}) {
    const Outcome outcome = Run({loop, "--batch=50", "--workload=d", "--json=" + path});
    EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
    EXPECT_THAT(outcome.output, AllOf(HasSubstr("50 keys a get"), HasSubstr(" keys/s"),
                                      HasSubstr(" 0 wrong")));
    EXPECT_EQ(nlohmann::json::parse(Content(path))["options"]["batch"], 50);
  }
}

TEST_F(RunEndToEnd, WhatTheClientCostsIsMeasuredAgainstANullServer) {
  StartServer();
  const std::string path = testing::TempDir() + "/overhead.json";
  for (const char* loop : {"--rate=1000", "--connections=2"}) {
    const Outcome outcome =
        Run({loop, "--workload=get:8,put:1,rmw:1,insert:1,scan:1", "--overhead=300ms",
             "--value_bytes=uniform:20-2000", "--json=" + path});
    EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("The same load on a null server"));
    const nlohmann::json overhead = nlohmann::json::parse(Content(path))["overhead"];
    EXPECT_EQ(overhead["failure"], "");
    EXPECT_GT(overhead["null_server"]["operations"], 0);
    EXPECT_GT(overhead["null_server"]["client_cpu_ns_an_operation"], 0);
    EXPECT_EQ(overhead["null_target"].is_null(), std::string(loop) != "--rate=1000");
  }
}

TEST_F(RunEndToEnd, ARampTriesLowerRatesAndSaysThatNoneMetTheObjective) {
  StartServer();
  const std::string path = testing::TempDir() + "/ramp.json";
  // No server is as fast.
  const Outcome outcome =
      RunLoadTest(Arguments({"--warm_up=0s", "--duration=200ms", "--ramp_p99=1us",
                             "--rate=20", "--json=" + path}));
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("at 20 operations/s:"),
                    HasSubstr("No rate that was tried met a p99 of 1us")));
  const nlohmann::json json = nlohmann::json::parse(Content(path));
  ASSERT_EQ(json["ramp"].size(), 5u) << "20, 10, 5, 2.5, 1.25";
  EXPECT_EQ(json["ramp"][1]["rate"], 10);
}

TEST_F(RunEndToEnd, ATableThatWasFilledBeforeIsTakenAsItIs) {
  StartServer();
  EXPECT_EQ(Run({}).state, "exited with status 0");
  const Outcome again = Run({"--load=false"});
  EXPECT_EQ(again.state, "exited with status 0") << again.output;
  EXPECT_THAT(again.output, Not(HasSubstr("filling")));
}

TEST_F(RunEndToEnd, AServerThatDoesNotHoldWhatItShouldIsWrongUsage) {
  StartServer();
  EXPECT_EQ(Run({}).state, "exited with status 0");
  const Outcome too_small = Run({"--load=false", "--entries=4000"});
  EXPECT_EQ(too_small.state, "exited with status 2");
  EXPECT_THAT(too_small.output,
              AllOf(HasSubstr("--entries=4000"), HasSubstr("the table is too small")));
  const Outcome other_values = Run({"--load=false", "--seed=2"});
  EXPECT_EQ(other_values.state, "exited with status 2");
  EXPECT_THAT(other_values.output,
              AllOf(HasSubstr("--load=false: "), HasSubstr("give the --seed")));
  const Outcome not_data =
      RunLoadTest({"run", "--address=" + server_->addresses().admin, "--duration=100ms"});
  EXPECT_EQ(not_data.state, "exited with status 2");
  EXPECT_THAT(not_data.output,
              AllOf(HasSubstr("--address="), HasSubstr("one of its two addresses")));
  const Outcome no_table = Run({"--table=nowhere"});
  EXPECT_EQ(no_table.state, "exited with status 2");
  EXPECT_THAT(no_table.output,
              AllOf(HasSubstr("--table=nowhere: no table"), HasSubstr("table create")));
}

TEST_F(RunEndToEnd, WrongUsageIsExitCode2AndNamesTheFlag) {
  const Outcome no_workload = RunLoadTest({"run", "--workload=z"});
  EXPECT_EQ(no_workload.state, "exited with status 2");
  EXPECT_THAT(no_workload.output, HasSubstr("there is no workload \"z\""));
  EXPECT_EQ(RunLoadTest({"run", "--rate=0"}).state, "exited with status 2");
  EXPECT_EQ(RunLoadTest({"run", "--json=/no/such/folder/x"}).state,
            "exited with status 2");
  EXPECT_EQ(RunLoadTest({"run", "--help"}).state, "exited with status 0");
}

TEST_F(RunEndToEnd, AServerThatIsNotThereIsNoWrongUsage) {
  // Nothing listens on port 1.
  const Outcome nobody = RunLoadTest({"run", "--address=127.0.0.1:1", "--timeout=500ms"});
  EXPECT_EQ(nobody.state, "exited with status 1");
  EXPECT_THAT(nobody.output,
              AllOf(HasSubstr("--address=127.0.0.1:1: "), HasSubstr("start one there")));
}

}  // namespace
}  // namespace rcukv::loadtest
