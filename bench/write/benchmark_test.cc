// `bench write` from end to end, with a stand-in for Redis.
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/child_process.h"

namespace rcukv::bench {
namespace {

using loadtest::ChildProcess;
using testing::AllOf;
using testing::HasSubstr;

constexpr char kBench[] = "bench/bench";
constexpr char kFakePeer[] = "bench/serve/fake_peer_server";
constexpr absl::Duration kPollInterval = absl::Milliseconds(5);

// A folder of this test's own, that is empty.
std::string Folder(const std::string& name) {
  const std::string folder = testing::TempDir() + "/" + name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

std::vector<std::string> Command(const std::string& folder,
                                 const std::vector<std::string>& flags) {
  std::vector<std::string> command = {
      kBench, "write", absl::StrCat("--redis=", kFakePeer),
      absl::StrCat("--directory=", folder), "--seconds=0.02"};
  command.insert(command.end(), flags.begin(), flags.end());
  return command;
}

TEST(BenchWrite, ComparesWritesJsonAndLeavesNothingOnTheDisk) {
  const std::string folder = Folder("whole");
  const std::string json_file = testing::TempDir() + "/write.json";
  const auto finished = RunToEnd(Command(
      folder, {"--entries=500", "--recovered_entries=5000", "--json=" + json_file}));
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output, AllOf(HasSubstr("ratio write.puts.sync.64clients "),
                                      HasSubstr("ratio write.puts.async.1clients "),
                                      HasSubstr("ratio write.reads.p99 "),
                                      HasSubstr("ratio write.recovery "),
                                      HasSubstr("x vs redis-everysec/")));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::ifstream file(json_file);
  const auto json = nlohmann::json::parse(file);
  EXPECT_EQ(json["benchmark"], "write");
  EXPECT_EQ(json["options"]["recovered_entries"], "5000");
  EXPECT_EQ(json["measures"].size(), 8u);
}

TEST(BenchWrite, ListsWithoutAnyServer) {
  const auto finished = RunToEnd({kBench, "write", "--list", "--redis=/no/redis"});
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output, AllOf(HasSubstr("write.puts.sync.64clients\n"),
                                      HasSubstr("write.recovery\n")));
}

TEST(BenchWrite, AnInterruptLeavesNothingOnTheDisk) {
  const std::string folder = Folder("interrupted");
  auto bench = ChildProcess::Start(Command(folder, {"--entries=100000000"}));
  ASSERT_TRUE(bench.ok()) << bench.status();
  const auto line = (*bench)->WaitForLine("filling rcukv-sync", absl::Seconds(60));
  ASSERT_TRUE(line.ok()) << line.status();
  kill((*bench)->pid(), SIGINT);
  while (!(*bench)->HasEnded()) absl::SleepFor(kPollInterval);
  EXPECT_EQ((*bench)->State(), "exited with status 130");
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST(BenchWrite, ADirectoryThatCannotBeWrittenIsNamedWithTheRemedy) {
  auto bench = ChildProcess::Start(Command("/no/such/folder", {}));
  ASSERT_TRUE(bench.ok()) << bench.status();
  while (!(*bench)->HasEnded()) absl::SleepFor(kPollInterval);
  EXPECT_EQ((*bench)->State(), "exited with status 1");
  EXPECT_THAT(absl::StrCat((*bench)->LastLines(1).at(0)),
              AllOf(HasSubstr("/no/such/folder"), HasSubstr("--directory")));
}

}  // namespace
}  // namespace rcukv::bench
