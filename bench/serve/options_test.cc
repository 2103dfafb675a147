#include "bench/serve/options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseServeOptions, QuickIsShorterAndOtherFlagsHoldWhereverTheyStand) {
  const auto defaults = ParseServeOptions({});
  const auto quick = ParseServeOptions({"--entries=7", "--quick"});
  ASSERT_TRUE(defaults.ok() && quick.ok());
  EXPECT_EQ(defaults->entries, 1'000'000);
  EXPECT_THAT(defaults->memcached_threads, ElementsAre(1, 2, 4));
  EXPECT_LT(quick->seconds, defaults->seconds);
  EXPECT_EQ(quick->entries, 7);
}

TEST(ParseServeOptions, MemcachedRunsWithTheThreadsAskedFor) {
  const auto options = ParseServeOptions({"--memcached_threads=3,8"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(options->memcached_threads, ElementsAre(3, 8));
}

TEST(ParseServeOptions, AMistakeIsNamed) {
  for (const char* wrong : {"--memcached_threads=0", "--memcached_threads=", "--rounds=1",
                            "--memcached_threads=2;4", "--seconds=0", "--fast"}) {
    const auto options = ParseServeOptions({wrong});
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

TEST(ServeHelp, NamesTheFlags) {
  EXPECT_THAT(ServeHelp(), HasSubstr("--memcached_threads=1,2,4"));
}

}  // namespace
}  // namespace rcukv::bench
