#include "bench/serve/servers.h"

#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "bench/serve/server_set.h"
#include "bench/serve/socket.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

// Paths in the runfiles of this test, in which it runs.
constexpr char kServer[] = "server/rcukv_server";
constexpr char kFakePeer[] = "bench/serve/fake_peer_server";

ServeOptions Fakes() {
  ServeOptions options;
  options.server = kServer;
  options.redis = kFakePeer;
  options.memcached = kFakePeer;
  return options;
}

std::string Script(const std::string& name, const std::string& script) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
  chmod(path.c_str(), 0700);
  return path;
}

bool Runs(pid_t pid) { return kill(pid, 0) == 0; }

TEST(Servers, ListenUntilTheyAreStopped) {
  std::vector<RunningServer> running;
  {
    const auto servers = StartServers(Fakes());
    ASSERT_TRUE(servers.ok()) << servers.status();
    running = servers->running();
    ASSERT_EQ(running.size(), 6u);
    EXPECT_EQ(running[0].label, "rcukv");
    EXPECT_EQ(running[1].label, "bare");
    EXPECT_EQ(running[2].label, "redis");
    EXPECT_EQ(running[5].label, "memcached-t4");
    for (const RunningServer& server : running) {
      EXPECT_TRUE(Runs(server.pid)) << server.label;
      EXPECT_TRUE(Socket::Connect(server.port).ok()) << server.label;
    }
  }
  for (const RunningServer& server : running) {
    EXPECT_FALSE(Runs(server.pid)) << server.label;
    EXPECT_FALSE(Socket::Connect(server.port).ok()) << server.label;
  }
}

TEST(Servers, AProgramThatIsNotThereIsNamedWithTheRemedy) {
  ServeOptions options = Fakes();
  options.redis = "/no/redis-server";
  const absl::Status status = StartServers(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("/no/redis-server"),
                    HasSubstr("./run bench serve installs redis-server and memcached"),
                    HasSubstr("--redis")));
}

TEST(Servers, OneThatEndsIsToldWithItsLastWords) {
  ServeOptions options = Fakes();
  options.memcached = Script("memcached", "echo 'failed to listen' >&2; exit 71");
  const absl::Status status = StartServers(options).status();
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("memcached-t1 exited with status 71"),
                    HasSubstr("failed to listen")));
}

TEST(Servers, KeepNothingOnDiskAndListenOnLoopbackAlone) {
  const auto redis = RedisCommand("/bin/redis", 7);
  EXPECT_THAT(redis, AllOf(Contains("--save"), Contains("127.0.0.1"), Contains("7")));
  const auto memcached = MemcachedCommand("/bin/memcached", 8, 4);
  EXPECT_THAT(memcached, AllOf(Contains("127.0.0.1"), Contains("8"), Contains("4")));
}

}  // namespace
}  // namespace rcukv::bench
