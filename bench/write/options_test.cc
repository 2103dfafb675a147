#include "bench/write/options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;

TEST(WriteOptions, QuickChangesDefaultsAndNotWhatIsSaid) {
  const auto options = ParseWriteOptions({"--entries=77", "--quick"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->entries, 77);
  EXPECT_LT(options->recovered_entries, WriteOptions().recovered_entries);
  EXPECT_LT(options->seconds, WriteOptions().seconds);
}

TEST(WriteOptions, AMistakeIsNamed) {
  for (const char* flag : {"--entries=0", "--rate=fast", "--disk=/"}) {
    const auto options = ParseWriteOptions({flag});
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument) << flag;
  }
}

TEST(WriteOptions, TheHelpHasEveryFlagThatAResultDependsOn) {
  for (const auto& [name, value] : Described(WriteOptions())) {
    EXPECT_THAT(WriteHelp(), HasSubstr("--" + name));
  }
}

}  // namespace
}  // namespace rcukv::bench
