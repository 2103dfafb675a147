// `loadtest run` as a program, where a server or the user ends what was begun.
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/child_process.h"
#include "loadtest/process/loadtest_runner.h"
#include "loadtest/workload/run_end_to_end.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

TEST_F(RunEndToEnd, AnInterruptEndsARunOnAServerThatHangsWhateverTheTimeout) {
  StartServer();
  for (const char* loop : {"--rate=500", "--connections=2"}) {
    const auto child = StartLoadTest(Arguments(
        {loop, "--workload=a", "--warm_up=0s", "--duration=1h", "--timeout=100h"}));
    ASSERT_TRUE(child->WaitForLine(" ops/s  p50", kLong).ok());
    kill(server_->pid(), SIGSTOP);
    // A second without an answer.
    ASSERT_TRUE(child->WaitForLine("     0 ops/s", kLong).ok());
    kill(child->pid(), SIGINT);
    const Outcome outcome = WaitFor(*child);
    kill(server_->pid(), SIGCONT);
    EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
    EXPECT_THAT(outcome.output,
                AllOf(HasSubstr("NOT answered: "), HasSubstr("Interrupted."),
                      HasSubstr("measured until then"), Not(HasSubstr("FAILED"))));
  }
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
