#include "loadtest/compare/compare_options.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

TEST(ParseCompareOptions, WithoutArgumentsTheDefaultStrategiesAreCompared) {
  const auto options = ParseCompareOptions({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->strategies.size(), 4u);
  EXPECT_EQ(options->strategies.front().name, "mb");
}

TEST(ParseCompareOptions, EveryStrategyIsComparedOnRequest) {
  const auto options = ParseCompareOptions({"--strategies=all", "--quick"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->strategies.size(), AllStrategies().size());
}

TEST(ParseCompareOptions, QuickIsShorterAndGivesWayToWhatIsSaid) {
  const auto full = ParseCompareOptions({});
  const auto quick = ParseCompareOptions({"--quick"});
  const auto said = ParseCompareOptions({"--rounds=9", "--quick"});
  ASSERT_TRUE(full.ok() && quick.ok() && said.ok());
  EXPECT_LT(quick->seconds, full->seconds);
  EXPECT_LT(quick->rounds, full->rounds);
  EXPECT_EQ(said->rounds, 9);
  EXPECT_EQ(said->seconds, quick->seconds);
}

TEST(ParseCompareOptions, NamesWhatIsWrong) {
  const auto error = [](const std::string& argument) {
    const auto options = ParseCompareOptions({argument});
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument) << argument;
    return std::string(options.status().message());
  };
  EXPECT_THAT(error("--strategies=mb,none"), HasSubstr("no strategy is called \"none\""));
  EXPECT_THAT(error("--batch=0"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(error("--batch=10001"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(error("--value_bytes=8"), HasSubstr("from 16 to 1048576"));
  EXPECT_THAT(error("--seconds=inf"), HasSubstr("from 0.05 to 60"));
  EXPECT_THAT(error("--readers=6"), HasSubstr("no flag --readers"));
}

TEST(CompareHelp, ListsTheFlags) {
  EXPECT_THAT(CompareHelp(),
              HasSubstr("--strategies=mb,memb-expedited,memb-non-expedited,rwlock\n"));
}

}  // namespace
}  // namespace rcukv::loadtest
