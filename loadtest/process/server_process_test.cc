#include "loadtest/process/server_process.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// A shell script that stands in for a server.
std::string FakeServer(const std::string& name, const std::string& script) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
  chmod(path.c_str(), 0700);
  return path;
}

TEST(ParseStartLine, FindsBothAddresses) {
  const auto addresses = ParseStartLine(
      "rcukv_server 0.1.0 listening on 127.0.0.1:4711 (admin 127.0.0.1:4712), flavor mb");
  ASSERT_TRUE(addresses.ok()) << addresses.status();
  EXPECT_EQ(addresses->data, "127.0.0.1:4711");
  EXPECT_EQ(addresses->admin, "127.0.0.1:4712");
}

TEST(ParseStartLine, QuotesALineThatIsNone) {
  for (const char* line :
       {"", "x listening on 127.0.0.1:1", "x listening on (admin a)"}) {
    const auto addresses = ParseStartLine(line);
    EXPECT_EQ(addresses.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(addresses.status().message()), HasSubstr(line));
  }
}

TEST(ServerProcess, AServerThatStartsHasItsAddresses) {
  const auto server = ServerProcess::Start(
      FakeServer("good",
                 "echo \"x listening on 127.0.0.1:1 (admin 127.0.0.1:2), $*\"\n"
                 "exec sleep 60"),
      {"--rcu_flavor=mb"});
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ((*server)->addresses().data, "127.0.0.1:1");
  EXPECT_THAT(std::string((*server)->Explain(absl::InternalError("odd")).message()),
              AllOf(HasSubstr("odd"), HasSubstr("--listen=127.0.0.1:0"),
                    HasSubstr("--rcu_flavor=mb")));
  EXPECT_TRUE((*server)->Stop());
}

TEST(ServerProcess, AServerThatDoesNotStartIsToldWithItsLastWords) {
  const auto server = ServerProcess::Start(
      FakeServer("bad", "echo 'cannot listen: address in use' >&2; exit 7"), {});
  EXPECT_THAT(std::string(server.status().message()),
              AllOf(HasSubstr("exited with status 7"), HasSubstr("address in use")));
}

TEST(ServerProcess, AServerThatDiesIsToldWithItsLastWords) {
  const auto server = ServerProcess::Start(
      FakeServer("mortal",
                 "echo 'x listening on a (admin b)'; echo oh no; exec sleep 60"),
      {});
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_TRUE((*server)->Stop());
  EXPECT_THAT(
      std::string((*server)->Explain(absl::UnavailableError("lost")).message()),
      AllOf(HasSubstr("lost"), HasSubstr("killed by signal 15"), HasSubstr("oh no")));
  EXPECT_TRUE((*server)->Explain(absl::OkStatus()).ok());
}

TEST(FindServerBinary, NamesThePlacesItLookedAt) {
  // The test's own folder has no server in it, nor any beside it, unless it was built.
  const auto found = FindServerBinary("/nowhere/loadtest");
  if (found.ok()) {
    EXPECT_THAT(*found, HasSubstr("server/rcukv_server"));
  } else {
    EXPECT_THAT(std::string(found.status().message()),
                AllOf(HasSubstr("/nowhere/loadtest.runfiles/rcukv/server/rcukv_server"),
                      HasSubstr("--server_binary")));
  }
}

}  // namespace
}  // namespace rcukv::loadtest
