#include "loadtest/soak/soak_options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ParseSoakOptions, WithoutArgumentsTheServerIsLeftToItselfForTenMinutes) {
  const auto options = ParseSoakOptions({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->duration, absl::Minutes(10));
  EXPECT_EQ(options->entries, 200'000);
  EXPECT_EQ(options->callers, 50);
  EXPECT_EQ(options->tolerance_percent, 5);
  EXPECT_THAT(ServerFlags(*options), IsEmpty());
}

TEST(ParseSoakOptions, DurationsAreWrittenWithTheirUnit) {
  EXPECT_EQ(ParseSoakOptions({"--duration=1s"})->duration, absl::Seconds(1));
  EXPECT_EQ(ParseSoakOptions({"--duration=1h30m"})->duration, absl::Minutes(90));
}

TEST(ParseSoakOptions, StrategyAndReclaimingArePassedOn) {
  const auto options =
      ParseSoakOptions({"--strategy=memb-non-expedited", "--reclaim=synchronize"});
  ASSERT_TRUE(options.ok()) << options.status();
  const std::vector<std::string> flags = ServerFlags(*options);
  EXPECT_THAT(flags, Contains("--rcu_flavor=memb"));
  EXPECT_THAT(flags, Contains("--membarrier_mode=non_expedited"));
  EXPECT_THAT(flags, Contains("--reclaim=synchronize"));
}

TEST(ParseSoakOptions, NamesWhatIsWrong) {
  const auto error = [](const std::string& argument) {
    const auto options = ParseSoakOptions({argument});
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument) << argument;
    return std::string(options.status().message());
  };
  EXPECT_THAT(error("--duration=600"), HasSubstr("a time from 1s to 100h"));
  EXPECT_THAT(error("--duration=999ms"), HasSubstr("a time from 1s to 100h"));
  EXPECT_THAT(error("--duration=inf"), HasSubstr("a time from 1s to 100h"));
  EXPECT_THAT(error("--entries=99"), HasSubstr("from 100 to 100000000"));
  EXPECT_THAT(error("--tolerance=-1"), HasSubstr("from 0 to 1000"));
  EXPECT_THAT(error("--batch=10001"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(error("--strategy=none"), HasSubstr("no strategy is called \"none\""));
  EXPECT_THAT(error("--strategy=mb,qsbr"), HasSubstr("must be one strategy"));
  EXPECT_THAT(error("--reclaim=never"), HasSubstr("must be call_rcu or synchronize"));
  EXPECT_THAT(error("--rounds=3"), HasSubstr("no flag --rounds"));
}

TEST(SoakHelp, ListsTheFlagsWithTheirDefaults) {
  EXPECT_THAT(SoakHelp(), HasSubstr("--duration=10m\n"));
  EXPECT_THAT(SoakHelp(), HasSubstr("--strategy=\n"));
}

}  // namespace
}  // namespace rcukv::loadtest
