// A soak as a program, with real servers and tiny loads. What is resident in so short a
// time says nothing: that memory which grows is found is shown in soak_verdict_test.
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/loadtest_runner.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kAnyGrowth[] = "--tolerance=1000";

std::string TheServer() { return std::string("--server_binary=") + kServer; }

TEST(SoakEndToEnd, EveryAnswerIsRightAndEverySampleIsKept) {
  const std::string path = testing::TempDir() + "/soak.json";
  const Outcome outcome = RunLoadTest({"soak", "--duration=2s", "--entries=2000",
                                       "--json=" + path, kAnyGrowth, TheServer()});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("filling the server: 0 of 2,000 keys"),
                                    HasSubstr("resident  allocator  allocated"),
                                    HasSubstr(" reads checked, 0 wrong;"),
                                    HasSubstr("memory flat: resident ")));
  const nlohmann::json json = nlohmann::json::parse(Content(path));
  EXPECT_EQ(json["verdict"]["flat"], true);
  EXPECT_EQ(json["wrong"], 0);
  ASSERT_GE(json["samples"].size(), 10u);
  const nlohmann::json& last = json["samples"].back();
  EXPECT_GT(last["gets"], 0);
  EXPECT_GT(last["batched_gets"], 0);
  EXPECT_GT(last["writes"], 0);
  EXPECT_GT(last["resident_bytes"], last["entry_bytes"]);
  EXPECT_GT(last["allocated_bytes"], last["entry_bytes"]);
  EXPECT_GT(last["entries"], 1800);
  EXPECT_LT(last["entries"], 2000);
}

TEST(SoakEndToEnd, TheServerRunsWithWhatIsAskedFor) {
  const Outcome outcome =
      RunLoadTest({"soak", "--duration=1s", "--entries=200", "--strategy=qsbr",
                   "--reclaim=synchronize", kAnyGrowth, TheServer()});
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("QSBR, SYNCHRONIZE"));
}

TEST(SoakEndToEnd, WrongUsageIsExitCode2) {
  const Outcome outcome = RunLoadTest({"soak", "--duration=10"});
  EXPECT_EQ(outcome.state, "exited with status 2");
  EXPECT_THAT(outcome.output, HasSubstr("--duration=10: must be a time"));
  EXPECT_EQ(RunLoadTest({"soak", "--help"}).state, "exited with status 0");
  EXPECT_EQ(RunLoadTest({"soak", "--json=/no/such/folder/x", TheServer()}).state,
            "exited with status 2");
}

TEST(SoakEndToEnd, AServerThatDoesNotStartIsNamedWithItsLastWords) {
  const Outcome outcome =
      RunLoadTest({"soak", ServerScript("refuses", "echo no room for me >&2; exit 7")});
  EXPECT_EQ(outcome.state, "exited with status 1");
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("the server does not start"), HasSubstr("no room for me")));
}

TEST(SoakEndToEnd, AServerThatDiesInTheMiddleFailsTheSoakWhichShowsWhatItSaw) {
  const std::string pid_file = testing::TempDir() + "/dying_pid";
  const auto child =
      StartLoadTest({"soak", "--duration=10s", "--entries=200", kAnyGrowth,
                     ServerScript("dies", "$server \"$@\" & echo $! > " + pid_file +
                                              "; wait $!; echo farewell; exit 9")});
  ASSERT_TRUE(child->WaitForLine("1s of 10s: ", kLong).ok());
  const pid_t server = std::atoi(Content(pid_file).c_str());
  ASSERT_GT(server, 0);
  kill(server, SIGKILL);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("writes/s"), HasSubstr("FAILED: "), HasSubstr("farewell"),
                    Not(HasSubstr("Interrupted"))));
}

TEST(SoakEndToEnd, AServerThatIsFullFailsTheSoak) {
  const Outcome outcome =
      RunLoadTest({"soak", "--entries=20000", kAnyGrowth,
                   ServerScript("full", "exec $server \"$@\" --memory_limit=2MiB")});
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("the server cannot be filled: "),
                                    HasSubstr("memory limit")));
}

TEST(SoakEndToEnd, AnInterruptStopsTheServerAndPrintsWhatThereIs) {
  const std::string pid_file = testing::TempDir() + "/soaked_pid";
  const auto child = StartLoadTest(
      {"soak", "--duration=10s", "--entries=200", kAnyGrowth,
       ServerScript("tells_pid", "echo $$ > " + pid_file + "; exec $server \"$@\"")});
  ASSERT_TRUE(child->WaitForLine("1s of 10s: ", kLong).ok());
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("Interrupted; this is what was measured"),
                    HasSubstr("writes/s"), HasSubstr("reads checked, 0 wrong;")));
  const pid_t server = std::atoi(Content(pid_file).c_str());
  ASSERT_GT(server, 0);
  EXPECT_NE(kill(server, 0), 0) << "the server still runs";
}

TEST(SoakEndToEnd, AnInterruptWhileTheServerIsFilledIsNoFailure) {
  const auto child = StartLoadTest({"soak", "--entries=1000000", TheServer()});
  ASSERT_TRUE(child->WaitForLine("filling the server: ", kLong).ok());
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("Nothing was measured yet."));
}

}  // namespace
}  // namespace rcukv::loadtest
