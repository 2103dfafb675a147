// `loadtest flip` as a program, with real servers and tiny loads.
#include <signal.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "clients/cpp/admin_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_setting.h"
#include "loadtest/process/child_process.h"
#include "loadtest/process/loadtest_runner.h"
#include "loadtest/process/server_process.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string TheServer() { return std::string("--server_binary=") + kServer; }

// Short phases, few entries, and `more`.
std::vector<std::string> Arguments(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"flip",
                                        "--duration=300ms",
                                        "--interval=50ms",
                                        "--rounds=1",
                                        "--entries=500",
                                        "--rate=500",
                                        "--write_rate=300",
                                        "--callers=8",
                                        "--write_callers=32"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// A server that somebody else has started, with non_expedited/synchronize.
class FlipOfARunningServer : public testing::Test {
 protected:
  void SetUp() override {
    auto server = ServerProcess::Start(
        kServer, {"--membarrier_mode=non_expedited", "--reclaim=synchronize"});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto admin = AdminClient::Connect(server_->addresses().admin);
    ASSERT_TRUE(admin.ok()) << admin.status();
    admin_ = *std::move(admin);
  }

  std::vector<std::string> With(std::vector<std::string> more) const {
    more.push_back("--address=" + server_->addresses().data);
    more.push_back("--admin_address=" + server_->addresses().admin);
    return Arguments(more);
  }

  std::string Setting() const {
    const auto status = admin_->GetStatus();
    EXPECT_TRUE(status.ok()) << status.status();
    return status.ok() ? NameOf(SettingOf(*status)) : "";
  }

  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<AdminClient> admin_;
};

TEST(FlipEndToEnd, EverySettingIsInForceInItsPhaseAndNoReadIsWrong) {
  const std::string json_path = testing::TempDir() + "/flip.json";
  const std::string csv_path = testing::TempDir() + "/flip.csv";
  const std::string html_path = testing::TempDir() + "/flip.html";
  const Outcome outcome =
      RunLoadTest(Arguments({"--settings=all", "--json=" + json_path, "--csv=" + csv_path,
                             "--html=" + html_path, TheServer()}));
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("round 1 of 1"), HasSubstr("Timeline"),
                                    HasSubstr(" reads checked, 0 wrong;")));
  const nlohmann::json json = nlohmann::json::parse(Content(json_path));
  EXPECT_EQ(json["wrong"], 0);
  EXPECT_GT(json["reads"], 0);
  EXPECT_GT(json["writes"], 0);
  std::set<std::string> settings;
  for (const nlohmann::json& phase : json["phases"]) settings.insert(phase["setting"]);
  EXPECT_EQ(settings.size(), AllFlipSettings().size());
  uint64_t grace_periods = 0, expedited = 0, non_expedited = 0, global_expedited = 0;
  for (const nlohmann::json& sample : json["samples"]) {
    const size_t phase = sample["phase"].get<size_t>() - 1;
    EXPECT_EQ(sample["reported"], json["phases"][phase]["setting"]);
    const nlohmann::json& figures = sample["figures"];
    grace_periods += figures["grace_periods"].get<uint64_t>();
    expedited += figures["expedited_calls"].get<uint64_t>();
    non_expedited += figures["non_expedited_calls"].get<uint64_t>();
    global_expedited += figures["global_expedited_calls"].get<uint64_t>();
  }
  EXPECT_GT(grace_periods, 0u);
  EXPECT_GT(expedited, 0u);
  EXPECT_GT(non_expedited, 0u);
  EXPECT_GT(global_expedited, 0u);
  const std::vector<std::string> lines = absl::StrSplit(Content(csv_path), '\n');
  // The names, the samples, and what is behind the last end of a line.
  EXPECT_EQ(lines.size(), json["samples"].size() + 2);
  EXPECT_THAT(Content(html_path),
              AllOf(HasSubstr("<code>./run loadtest flip --duration=300ms"),
                    HasSubstr("\"id\":\"grace-periods\"")));
}

TEST(FlipEndToEnd, WrongUsageIsExitCode2) {
  const Outcome outcome = RunLoadTest({"flip", "--settings=fast"});
  EXPECT_EQ(outcome.state, "exited with status 2");
  EXPECT_THAT(outcome.output, HasSubstr("--settings=fast: there is no setting"));
  EXPECT_EQ(RunLoadTest({"flip", "--help"}).state, "exited with status 0");
  EXPECT_EQ(RunLoadTest({"flip", "--csv=/no/such/folder/x", TheServer()}).state,
            "exited with status 2");
}

TEST(FlipEndToEnd, AServerThatDoesNotStartIsNamedWithItsLastWords) {
  const Outcome outcome =
      RunLoadTest(Arguments({ServerScript("refuses", "echo no room >&2; exit 7")}));
  EXPECT_EQ(outcome.state, "exited with status 1");
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("the server does not start"), HasSubstr("no room")));
}

TEST(FlipEndToEnd, AFlavorWithoutMembarrierCannotBeSwitched) {
  const Outcome outcome = RunLoadTest(
      Arguments({ServerScript("qsbr", "exec $server \"$@\" --rcu_flavor=qsbr")}));
  EXPECT_EQ(outcome.state, "exited with status 1");
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("flavor qsbr"), HasSubstr("--rcu_flavor=memb")));
}

TEST(FlipEndToEnd, AServerThatDiesIsReportedWithWhatWasMeasured) {
  const std::string pid_file = testing::TempDir() + "/flip_dying_pid";
  const auto child = StartLoadTest(
      Arguments({"--rounds=1000", "--settings=expedited,adaptive",
                 ServerScript("dies", "$server \"$@\" & echo $! > " + pid_file +
                                          "; wait $!; echo farewell; exit 9")}));
  ASSERT_TRUE(child->WaitForLine("round 1 of 1000", kLong).ok());
  const pid_t server = std::atoi(Content(pid_file).c_str());
  ASSERT_GT(server, 0);
  kill(server, SIGKILL);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("Timeline"), HasSubstr("FAILED: "), HasSubstr("farewell"),
                    HasSubstr("measured until then"), Not(HasSubstr("Interrupted"))));
}

TEST(FlipEndToEnd, AnInterruptWhileTheTableIsFilledIsNoFailure) {
  const auto child = StartLoadTest({"flip", "--entries=10000000", TheServer()});
  ASSERT_TRUE(child->WaitForLine("filling table default", kLong).ok());
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("Nothing was measured yet."));
}

TEST_F(FlipOfARunningServer, ItsSettingsArePutBack) {
  const Outcome outcome = RunLoadTest(With({"--settings=expedited,adaptive"}));
  EXPECT_EQ(outcome.state, "exited with status 0") << outcome.output;
  EXPECT_EQ(Setting(), "non_expedited/synchronize");
}

TEST_F(FlipOfARunningServer, ItsSettingsArePutBackAfterAnInterruptAsWell) {
  const std::string path = testing::TempDir() + "/flip_interrupted.json";
  const auto child = StartLoadTest(
      With({"--rounds=1000", "--settings=expedited,adaptive", "--json=" + path}));
  ASSERT_TRUE(child->WaitForLine("round 1 of 1000", kLong).ok());
  EXPECT_NE(Setting(), "non_expedited/synchronize");
  kill(child->pid(), SIGINT);
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 130") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("Timeline"), HasSubstr("Interrupted.")));
  EXPECT_EQ(nlohmann::json::parse(Content(path))["interrupted"], true);
  EXPECT_EQ(Setting(), "non_expedited/synchronize");
}

TEST_F(FlipOfARunningServer, SomebodyElseWhoSwitchesItEndsTheFlipAndItIsPutBack) {
  // One phase, for as long as this takes.
  const auto child =
      StartLoadTest(With({"--duration=1h", "--settings=expedited,adaptive"}));
  while (Setting() == "non_expedited/synchronize") ASSERT_FALSE(child->HasEnded());
  ASSERT_TRUE(
      admin_->UpdateReclamation(RequestFor({v1::GLOBAL_EXPEDITED, v1::CALL_RCU})).ok());
  const Outcome outcome = WaitFor(*child);
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("FAILED: --address="), HasSubstr("somebody else")));
  EXPECT_EQ(Setting(), "non_expedited/synchronize");
}

TEST_F(FlipOfARunningServer, TheAdminAddressOfAnotherServerIsFoundOut) {
  const auto other = ServerProcess::Start(kServer, {});
  ASSERT_TRUE(other.ok()) << other.status();
  const Outcome outcome =
      RunLoadTest(Arguments({"--address=" + server_->addresses().data,
                             "--admin_address=" + (*other)->addresses().admin}));
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("is of another server"));
}

TEST_F(FlipOfARunningServer, ATableThatIsNotThereIsNamed) {
  const Outcome outcome = RunLoadTest(With({"--table=nowhere"}));
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, AllOf(HasSubstr("--table=nowhere cannot be filled"),
                                    HasSubstr("Nothing was measured yet.")));
}

TEST(FlipEndToEnd, AServerThatIsNotThereIsNamed) {
  // Nothing listens on port 1.
  const Outcome outcome =
      RunLoadTest(Arguments({"--address=127.0.0.1:1", "--admin_address=127.0.0.1:1"}));
  EXPECT_EQ(outcome.state, "exited with status 1") << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("--address=127.0.0.1:1: "));
}

}  // namespace
}  // namespace rcukv::loadtest
