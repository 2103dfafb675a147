// `loadtest run` as a program, against real servers, with tiny loads.
#include <signal.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/child_process.h"
#include "loadtest/process/loadtest_runner.h"
#include "loadtest/process/server_process.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RunEndToEnd : public testing::Test {
 protected:
  void StartServer(const std::vector<std::string>& flags = {}) {
    auto server = ServerProcess::Start(kServer, flags);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // With the address, few entries, and `more`.
  std::vector<std::string> Arguments(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"run", "--address=" + server_->addresses().data,
                                          "--entries=2000", "--callers=8"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // A short run.
  Outcome Run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--warm_up=100ms", "--duration=300ms"});
    return RunLoadTest(Arguments(more));
  }

  std::unique_ptr<ServerProcess> server_;
};

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
                               "--json=" + json_path, "--csv=" + csv_path});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  const nlohmann::json json = nlohmann::json::parse(Content(json_path));
  EXPECT_EQ(json["wrong"], 0);
  EXPECT_GT(json["rate"], 0);
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

TEST_F(RunEndToEnd, AServerThatDiesIsReportedWithWhatWasMeasured) {
  StartServer();
  const auto child =
      StartLoadTest(Arguments({"--warm_up=0s", "--duration=30s", "--timeout=30s"}));
  ASSERT_TRUE(child->WaitForLine(" ops/s  p50", kLong).ok());
  kill(server_->pid(), SIGKILL);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("p99.99"), HasSubstr("FAILED: "),
                    HasSubstr("cannot be reached"), HasSubstr("measured until then")));
}

TEST_F(RunEndToEnd, AServerThatHangsHasTheCallsThatWereDueMeanwhileInItsLatencies) {
  StartServer();
  const std::string path = testing::TempDir() + "/hangs.json";
  const auto child =
      StartLoadTest(Arguments({"--warm_up=0s", "--duration=60s", "--rate=500",
                               "--timeout=1s", "--json=" + path}));
  ASSERT_TRUE(child->WaitForLine(" ops/s  p50", kLong).ok());
  kill(server_->pid(), SIGSTOP);
  const Outcome outcome = WaitFor(*child);
  kill(server_->pid(), SIGCONT);
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("FAILED: "), HasSubstr("NOT answered: ")));
  const nlohmann::json json = nlohmann::json::parse(Content(path));
  // About 500 were due in the second until the first call failed; eight could be sent.
  EXPECT_GT(json["unanswered"]["count"], 100);
  EXPECT_GE(json["operations"]["all"]["from_due"]["percentiles_ns"]["100"], 0.9e9);
}

TEST_F(RunEndToEnd, InARampCallsThatTimeOutAreARateThatIsTooHigh) {
  StartServer();
  const std::string path = testing::TempDir() + "/ramp_hangs.json";
  const auto child =
      StartLoadTest(Arguments({"--warm_up=0s", "--duration=60s", "--rate=100",
                               "--ramp_p99=1s", "--timeout=1s", "--json=" + path}));
  ASSERT_TRUE(child->WaitForLine(" ops/s  p50", kLong).ok());
  kill(server_->pid(), SIGSTOP);
  EXPECT_TRUE(child->WaitForLine("at 50 operations/s:", kLong).ok());
  kill(server_->pid(), SIGCONT);
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, Not(HasSubstr("FAILED")));
  const nlohmann::json json = nlohmann::json::parse(Content(path));
  EXPECT_EQ(json["ramp"][0]["met"], false);
  EXPECT_EQ(json["ramp"][0]["reason"], "calls failed");
}

TEST_F(RunEndToEnd, AnInterruptEndsTheRunWithWhatWasMeasured) {
  StartServer();
  const std::string path = testing::TempDir() + "/interrupted.json";
  const auto child = StartLoadTest(
      Arguments({"--warm_up=0s", "--duration=30s", "--rate=500", "--json=" + path}));
  ASSERT_TRUE(child->WaitForLine(" ops/s  p50", kLong).ok());
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("p99.99"), HasSubstr("Interrupted."),
                                    HasSubstr("measured until then")));
  EXPECT_EQ(nlohmann::json::parse(Content(path))["interrupted"], true);
}

TEST_F(RunEndToEnd, AnInterruptWhileTheTableIsFilledIsNoFailure) {
  StartServer();
  const auto child = StartLoadTest(Arguments({"--entries=10000000"}));
  ASSERT_TRUE(child->WaitForLine("filling table default", kLong).ok());
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("Nothing was measured yet."));
}

TEST_F(RunEndToEnd, WrongValuesMakeTheExitCodeNonZero) {
  StartServer();
  // Two runs with other values on the same keys: to each of them the other's are wrong.
  const auto other = StartLoadTest(
      Arguments({"--warm_up=0s", "--duration=60s", "--seed=2", "--workload=a"}));
  ASSERT_TRUE(other->WaitForLine(" ops/s  p50", kLong).ok());
  const Outcome outcome = Run({"--workload=a"});
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(Not(HasSubstr(" 0 wrong")),
                                    HasSubstr("The first wrong answer: key")));
}

TEST_F(RunEndToEnd, AServerThatIsFullFailsTheRun) {
  StartServer({"--memory_limit=2MiB"});
  const Outcome outcome = Run({"--entries=20000", "--value_bytes=1000"});
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("FAILED: the table cannot be filled"),
                                    HasSubstr("Nothing was measured")));
}

}  // namespace
}  // namespace rcukv::loadtest
