// The program itself, with real servers and tiny loads.
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/child_process.h"
#include "loadtest/process/loadtest_runner.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(EndToEnd, EveryStrategyIsMeasuredAndEveryAnswerIsRight) {
  const std::string json = testing::TempDir() + "/samples.json";
  const Outcome outcome = RunLoadTest({"compare", "--entries=500", "--seconds=0.05",
                                       "--rounds=2", "--connections=2", "--json=" + json,
                                       absl::StrFormat("--server_binary=%s", kServer)});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("ratio loadtest.lookups.per_key.memb_expedited "),
                    HasSubstr("ratio loadtest.lookups.per_batch.memb_non_expedited "),
                    HasSubstr("ratio loadtest.grpc.rwlock "), HasSubstr(" 0 wrong.")));
  const nlohmann::json samples = nlohmann::json::parse(Content(json));
  ASSERT_EQ(samples["strategies"].size(), 4u);
  for (const nlohmann::json& strategy : samples["strategies"]) {
    ASSERT_EQ(strategy["rounds"].size(), 2u);
    EXPECT_GT(strategy["rounds"][1]["grpc"]["reads_per_second"], 0);
    EXPECT_GT(strategy["rounds"][1]["lookups"]["per_key"]["cpu_ns_per_read"], 0);
  }
}

TEST(EndToEnd, StrategiesBeyondTheDefaultAreMeasuredOnRequest) {
  const Outcome outcome = RunLoadTest(
      {"compare", "--strategies=signal,qsbr,memb-global-expedited,memb-adaptive,mutex",
       "--entries=500", "--seconds=0.05", "--rounds=1", "--connections=2",
       absl::StrFormat("--server_binary=%s", kServer)});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("ratio loadtest.lookups.per_key.qsbr "),
                                    HasSubstr("ratio loadtest.grpc.memb_adaptive "),
                                    HasSubstr("ratio loadtest.grpc.mutex "),
                                    HasSubstr("vs signal"), HasSubstr(" 0 wrong.")));
}

TEST(EndToEnd, AStrategyThatTheMachineLacksIsNamedWithTheCause) {
  const Outcome outcome =
      RunLoadTest({"compare", "--strategies=rseq-expedited",
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
                   ServerScript("dies",
                                "$server \"$@\" &\n"
                                "sleep 2; kill -9 $!; echo farewell; exit 9")});
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("strategy mb: "), HasSubstr("farewell")));
}

TEST(EndToEnd, AnInterruptStopsTheServerAndPrintsWhatThereIs) {
  const std::string pid_file = testing::TempDir() + "/pid";
  const auto child = StartLoadTest(
      {"compare", "--strategies=mb", "--entries=500", "--seconds=0.05", "--rounds=1000",
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
