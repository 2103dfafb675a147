// `bench serve` from end to end, with stand-ins for the peers.
#include <signal.h>
#include <stdlib.h>

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
#include "loadtest/process/child_process.h"

namespace rcukv::bench {
namespace {

using loadtest::ChildProcess;
using testing::AllOf;
using testing::HasSubstr;

constexpr char kBench[] = "bench/bench";
constexpr char kFakePeer[] = "bench/serve/fake_peer_server";
constexpr size_t kPeers = 2;
constexpr absl::Duration kPollInterval = absl::Milliseconds(5);

// An empty folder where the stand-ins of this test leave their processes' numbers.
std::string PeersFolder(const std::string& name) {
  const std::string folder = testing::TempDir() + "/" + name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  setenv("FAKE_PEERS", folder.c_str(), 1);
  return folder;
}

std::vector<pid_t> PidsIn(const std::string& folder) {
  std::vector<pid_t> pids;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    pids.push_back(std::stoi(entry.path().filename()));
  }
  return pids;
}

// A process that ended and that nobody has waited for yet has no command line either.
bool Runs(pid_t pid) {
  std::ifstream command_line(absl::StrCat("/proc/", pid, "/cmdline"));
  return command_line.peek() != std::ifstream::traits_type::eof();
}

// How many there were; none of them is there any more.
size_t CountOfEnded(const std::string& folder) {
  const std::vector<pid_t> pids = PidsIn(folder);
  for (const pid_t pid : pids) EXPECT_FALSE(Runs(pid)) << pid;
  return pids.size();
}

std::vector<std::string> Command(const std::vector<std::string>& flags) {
  std::vector<std::string> command = {kBench,
                                      "serve",
                                      absl::StrCat("--redis=", kFakePeer),
                                      absl::StrCat("--memcached=", kFakePeer),
                                      "--memcached_threads=1",
                                      "--seconds=0.02"};
  command.insert(command.end(), flags.begin(), flags.end());
  return command;
}

TEST(BenchServe, ComparesWithThePeersWritesJsonAndStopsThem) {
  const std::string folder = PeersFolder("whole");
  const std::string json_file = testing::TempDir() + "/serve.json";
  const auto finished =
      RunToEnd(Command({"--entries=2000", "--rate=10000", "--filter=batch.16$|p99",
                        "--json=" + json_file}));
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output,
              AllOf(HasSubstr("ratio serve.batch.16 "),
                    HasSubstr("ratio serve.server_cpu_us_per_key.batch.16 "),
                    HasSubstr("ratio serve.p99.50callers "), HasSubstr("x vs redis/"),
                    HasSubstr("x vs memcached-t1/")));
  EXPECT_EQ(CountOfEnded(folder), kPeers);
  std::ifstream file(json_file);
  const auto json = nlohmann::json::parse(file);
  EXPECT_EQ(json["benchmark"], "serve");
  EXPECT_EQ(json["options"]["entries"], "2000");
  EXPECT_EQ(json["measures"].size(), 2u);
  EXPECT_EQ(json["measures"][0]["arms"][0]["samples"].size(), 5u);
}

TEST(BenchServe, ListsWithoutAnyServer) {
  const std::string folder = PeersFolder("list");
  const auto finished = RunToEnd({kBench, "serve", "--list", "--redis=/no/redis"});
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output, AllOf(HasSubstr("serve.get.50callers\n"),
                                      HasSubstr("serve.p99.50callers\n")));
  EXPECT_EQ(CountOfEnded(folder), 0u);
}

// While it fills ours, which takes long with as many entries.
std::unique_ptr<ChildProcess> StartFilling() {
  auto bench = ChildProcess::Start(Command({"--entries=100000000"}));
  EXPECT_TRUE(bench.ok()) << bench.status();
  if (!bench.ok()) return nullptr;
  const auto line = (*bench)->WaitForLine("filling rcukv", absl::Seconds(30));
  EXPECT_TRUE(line.ok()) << line.status();
  return *std::move(bench);
}

TEST(BenchServe, AnInterruptStopsThePeers) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string folder = PeersFolder("interrupted");
    const std::unique_ptr<ChildProcess> bench = StartFilling();
    ASSERT_NE(bench, nullptr);
    kill(bench->pid(), signal);
    while (!bench->HasEnded()) absl::SleepFor(kPollInterval);
    EXPECT_EQ(bench->State(), "exited with status 130");
    EXPECT_EQ(CountOfEnded(folder), kPeers);
  }
}

// Nobody stops them then but the kernel, some time later: this ends, or times out.
TEST(BenchServe, PeersEndWithABenchmarkThatIsKilled) {
  const std::string folder = PeersFolder("killed");
  const std::unique_ptr<ChildProcess> bench = StartFilling();
  ASSERT_NE(bench, nullptr);
  kill(bench->pid(), SIGKILL);
  for (const pid_t pid : PidsIn(folder)) {
    while (Runs(pid)) absl::SleepFor(kPollInterval);
  }
}

TEST(BenchServe, AServerThatDoesNotStartIsAFailure) {
  const std::string folder = PeersFolder("failure");
  const auto finished = RunToEnd(
      {kBench, "serve", absl::StrCat("--redis=", kFakePeer), "--memcached=/bin/false"});
  EXPECT_THAT(std::string(finished.status().message()), HasSubstr("status 1"));
  EXPECT_EQ(CountOfEnded(folder), 1u);
}

}  // namespace
}  // namespace rcukv::bench
