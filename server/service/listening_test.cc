#include "server/service/listening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rcukv {
namespace {

using ::testing::HasSubstr;

TEST(ParseHostPortTest, TakesAHostAndAPort) {
  for (const auto& [address, host, port] :
       {std::tuple("127.0.0.1:7700", "127.0.0.1", 7700),
        {"localhost:0", "localhost", 0},
        {"[::1]:65535", "::1", 65535}}) {
    const absl::StatusOr<HostPort> parsed = ParseHostPort(address);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->host, host);
    EXPECT_EQ(parsed->port, port);
  }
}

TEST(ParseHostPortTest, RejectsEverythingElseByName) {
  for (const char* address :
       {"", ":", "7700", ":7700", "host", "host:", "host:x", "host:-1", "host:65536",
        "host:7700x", "::1:7700", "[]:1", "host: 1"}) {
    const absl::StatusOr<HostPort> parsed = ParseHostPort(address);
    ASSERT_FALSE(parsed.ok()) << address;
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr(address));
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("HOST:PORT"));
  }
}

}  // namespace
}  // namespace rcukv
