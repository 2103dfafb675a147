#include "bench/rcu/options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;

RcuOptions Parsed(const std::vector<std::string>& arguments) {
  const absl::StatusOr<RcuOptions> options = ParseRcuOptions(arguments);
  EXPECT_TRUE(options.ok()) << options.status();
  return options.value_or(RcuOptions());
}

std::string Error(const std::vector<std::string>& arguments) {
  const absl::StatusOr<RcuOptions> options = ParseRcuOptions(arguments);
  EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(options.status().message());
}

TEST(RcuOptions, QuickMeansShorterSamples) {
  EXPECT_LT(Parsed({"--quick"}).seconds, Parsed({}).seconds);
  EXPECT_LT(Parsed({"--quick"}).table_seconds, Parsed({}).table_seconds);
  EXPECT_LT(Parsed({"--quick"}).modes_seconds, Parsed({}).modes_seconds);
  EXPECT_LT(Parsed({"--quick"}).callbacks, Parsed({}).callbacks);
}

TEST(RcuOptions, QuickDoesNotOverrideWhatIsSaid) {
  EXPECT_EQ(Parsed({"--seconds=3", "--quick"}).seconds, 3);
  EXPECT_EQ(Parsed({"--quick", "--seconds=3"}).seconds, 3);
}

TEST(RcuOptions, AMedianIsOfAtLeastFive) {
  EXPECT_THAT(Error({"--rounds=4"}), HasSubstr("--rounds=4: must be a whole number"));
  EXPECT_EQ(Parsed({"--rounds=5"}).rounds, 5);
}

TEST(RcuOptions, AFilterThatIsNoRegularExpressionIsAnError) {
  EXPECT_THAT(Error({"--filter=("}), HasSubstr("--filter=(: not a regular expression"));
}

TEST(RcuOptions, AFlagThatThereIsNotIsNamed) {
  EXPECT_THAT(Error({"--fast"}), HasSubstr("no flag --fast"));
}

TEST(RcuOptions, TheHelpListsTheFlags) {
  for (const char* flag : {"filter", "quick", "rounds", "seconds", "json"}) {
    EXPECT_THAT(RcuHelp(), HasSubstr(std::string("--") + flag));
  }
}

}  // namespace
}  // namespace rcukv::bench
