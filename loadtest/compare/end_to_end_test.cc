// The program itself, with real servers and tiny loads.
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/child_process.h"
#include "loadtest/process/loadtest_runner.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(EndToEnd, EveryLayerIsMeasuredAndEveryAnswerIsRight) {
  const std::string json = testing::TempDir() + "/samples.json";
  const std::string csv = testing::TempDir() + "/samples.csv";
  const std::string html = testing::TempDir() + "/page.html";
  const Outcome outcome =
      RunLoadTest({"compare", "--strategies=mb,memb-expedited,rwlock", "--entries=500",
                   "--seconds=0.05", "--rounds=2", "--connections=2", "--keys=1,100",
                   "--write_rates=500", "--json=" + json, "--csv=" + csv,
                   "--html=" + html, absl::StrFormat("--server_binary=%s", kServer)});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(
      outcome.output,
      AllOf(HasSubstr("ratio loadtest.primitive.memb_expedited "),
            HasSubstr("ratio loadtest.map.per_key.memb_expedited "),
            HasSubstr("ratio loadtest.lookups.per_batch.memb_expedited "),
            HasSubstr("ratio loadtest.grpc.batch_get.1.per_key.rwlock "),
            HasSubstr("ratio loadtest.grpc.stream_batch_get.100.per_batch.rwlock "),
            HasSubstr("500 writes/s, synchronize\n  mb "), HasSubstr("Dilution: "),
            HasSubstr("Budget of a call: "), HasSubstr(" 0 wrong.")));
  const nlohmann::json samples = nlohmann::json::parse(Content(json));
  // One, two, three, eight (two calls, two sizes, two sections), two (ways to reclaim).
  ASSERT_EQ(samples["cases"].size(), 1u + 2 + 3 + 8 + 2);
  for (const nlohmann::json& one : samples["cases"]) {
    for (const nlohmann::json& strategy : one["strategies"]) {
      ASSERT_EQ(strategy["rounds"].size(), 2u) << one["name"];
      EXPECT_GT(strategy["rounds"][1]["reads_per_second"], 0) << one["name"];
      EXPECT_GE(strategy["rounds"][1]["cpu_ns_per_read"], 0) << one["name"];
      EXPECT_EQ(strategy["rounds"][1].contains("closed_loop_latency_p50_ns"),
                one["layer"] >= 4);
      EXPECT_EQ(strategy["rounds"][1].contains("client_busy"), one["layer"] >= 4);
    }
  }
  const std::vector<std::string> lines = absl::StrSplit(Content(csv), '\n');
  EXPECT_EQ(lines.size(), 1u + 16 * 3 * 2 + 1);
  EXPECT_THAT(Content(html),
              AllOf(HasSubstr("<code>./run loadtest compare --strategies=mb,memb-"),
                    HasSubstr("<canvas id=\"dilution\""), HasSubstr("Layer 5: "),
                    HasSubstr("<canvas id=\"p50-call-rcu\"")));
}

TEST(EndToEnd, StrategiesBeyondTheDefaultAreMeasuredOnRequest) {
  const Outcome outcome = RunLoadTest(
      {"compare", "--strategies=signal,qsbr,memb-global-expedited,memb-adaptive,mutex",
       "--layers=1,2,3", "--entries=500", "--seconds=0.05", "--rounds=1",
       absl::StrFormat("--server_binary=%s", kServer)});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(
      outcome.output,
      AllOf(HasSubstr("ratio loadtest.lookups.per_key.qsbr "),
            HasSubstr("ratio loadtest.map.per_key.memb_global_expedited "),
            HasSubstr("ratio loadtest.primitive.memb_adaptive "),
            HasSubstr("ratio loadtest.lookups.per_batch.mutex "), HasSubstr("vs signal"),
            Not(HasSubstr("loadtest.grpc.")), HasSubstr(" 0 wrong.")));
}

TEST(EndToEnd, AStrategyThatNobodyAskedForIsLeftOutWhereTheMachineLacksIt) {
  auto child = ChildProcess::Start({"/usr/bin/env", "GLIBC_TUNABLES=glibc.pthread.rseq=0",
                                    "loadtest/loadtest", "compare", "--layers=1",
                                    "--seconds=0.05", "--rounds=1"});
  ASSERT_TRUE(child.ok()) << child.status();
  const Outcome outcome = WaitFor(**child);
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("Without rseq-expedited: "),
                                    HasSubstr("restartable sequences"),
                                    HasSubstr("ratio loadtest.primitive.qsbr ")));
}

TEST(EndToEnd, AStrategyThatTheMachineLacksIsNamedWithTheCause) {
  const Outcome outcome =
      RunLoadTest({"compare", "--strategies=rseq-expedited", "--layers=3",
                   ServerScript("without_rseq",
                                "GLIBC_TUNABLES=glibc.pthread.rseq=0 exec $server "
                                "\"$@\"")});
  EXPECT_EQ(outcome.state, "exited with status 1");
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("strategy rseq-expedited: "),
                                    HasSubstr("restartable sequences")));
}

TEST(EndToEnd, WrongUsageIsExitCode2) {
  EXPECT_EQ(RunLoadTest({}).state, "exited with status 2");
  EXPECT_THAT(RunLoadTest({"compete"}).output, HasSubstr("no command \"compete\""));
  const Outcome outcome = RunLoadTest({"compare", "--batch=0"});
  EXPECT_EQ(outcome.state, "exited with status 2");
  EXPECT_THAT(outcome.output, HasSubstr("--batch=0: must be"));
  EXPECT_EQ(RunLoadTest({"compare", "--help"}).state, "exited with status 0");
}

TEST(EndToEnd, AFileThatCannotBeWrittenIsNamedBeforeAnythingIsMeasured) {
  const Outcome outcome =
      RunLoadTest({"compare", "--json=/no/such/folder/x",
                   ServerScript("never_started", "echo started >&2; exit 7")});
  EXPECT_EQ(outcome.state, "exited with status 2");
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("cannot write \"/no/such/folder/x\""),
                                    Not(HasSubstr("started"))));
}

TEST(EndToEnd, AServerThatDoesNotStartIsNamedWithItsLastWords) {
  const Outcome outcome =
      RunLoadTest({"compare", "--strategies=mb",
                   ServerScript("refuses", "echo no room for me >&2; exit 7")});
  EXPECT_EQ(outcome.state, "exited with status 1");
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("strategy mb: the server does not start"),
                    HasSubstr("exited with status 7"), HasSubstr("no room for me")));
}

TEST(EndToEnd, AServerOfAnotherStrategyIsNotMeasured) {
  const Outcome outcome =
      RunLoadTest({"compare", "--strategies=memb-expedited",
                   ServerScript("falls_back", "exec $server \"$@\" --rcu_flavor=mb")});
  EXPECT_EQ(outcome.state, "exited with status 1");
  EXPECT_THAT(outcome.output, HasSubstr("strategy memb-expedited: the server runs with "
                                        "flavor MB"));
}

TEST(EndToEnd, AServerThatDiesInTheMiddleIsNamed) {
  const Outcome outcome =
      RunLoadTest({"compare", "--strategies=mb", "--entries=500", "--seconds=60",
                   "--layers=4", "--keys=1",
                   ServerScript("dies",
                                "$server \"$@\" &\n"
                                "sleep 2; kill -9 $!; echo farewell; exit 9")});
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("strategy mb: "), HasSubstr("farewell")));
}

TEST(EndToEnd, AServerThatDiesLeavesWhatWasMeasuredUntilThen) {
  const std::string pid_file = testing::TempDir() + "/pid_of_the_dead";
  const std::string json = testing::TempDir() + "/until_then.json";
  const std::string html = testing::TempDir() + "/until_then.html";
  const auto child = StartLoadTest(
      {"compare", "--strategies=mb", "--entries=500", "--seconds=0.05", "--rounds=1000",
       "--layers=3", "--json=" + json, "--html=" + html,
       ServerScript("is_killed", "echo $$ > " + pid_file + "; exec $server \"$@\"")});
  ASSERT_TRUE(child->WaitForLine("round 1 of 1000", kLong).ok());
  const pid_t server = std::atoi(Content(pid_file).c_str());
  ASSERT_GT(server, 0);
  kill(server, SIGKILL);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("FAILED: strategy mb: "),
                                    HasSubstr("A section a key\n  mb "),
                                    HasSubstr("reads checked, 0 wrong.")));
  const nlohmann::json samples = nlohmann::json::parse(Content(json));
  EXPECT_THAT(samples["failure"].get<std::string>(), HasSubstr("strategy mb: "));
  EXPECT_GE(samples["cases"][0]["strategies"][0]["rounds"].size(), 1u);
  EXPECT_THAT(Content(html), HasSubstr("<strong>Failed:</strong> strategy mb: "));
}

TEST(EndToEnd, AnInterruptStopsTheServerAndPrintsWhatThereIs) {
  const std::string pid_file = testing::TempDir() + "/pid";
  const auto child = StartLoadTest(
      {"compare", "--strategies=mb", "--entries=500", "--seconds=0.05", "--rounds=1000",
       "--layers=3",
       ServerScript("tells_pid", "echo $$ > " + pid_file + "; exec $server \"$@\"")});
  ASSERT_TRUE(child->WaitForLine("round 1 of 1000", kLong).ok());
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("Interrupted; this is what was measured"),
                                    HasSubstr("reads checked, 0 wrong.")));
  const pid_t server = std::atoi(Content(pid_file).c_str());
  ASSERT_GT(server, 0);
  EXPECT_NE(kill(server, 0), 0) << "the server still runs";
}

}  // namespace
}  // namespace rcukv::loadtest
