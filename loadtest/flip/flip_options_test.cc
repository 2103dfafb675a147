#include "loadtest/flip/flip_options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Refusal(const std::vector<std::string>& arguments) {
  return std::string(ParseFlipOptions(arguments).status().message());
}

TEST(FlipOptions, WithoutArgumentsEverySettingThatDiffersHasSixTurns) {
  const auto options = ParseFlipOptions({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->settings, DefaultFlipSettings());
  EXPECT_EQ(options->rounds, 6);
  EXPECT_TRUE(options->address.empty());
}

TEST(FlipOptions, EachIsTakenAsItIsGiven) {
  const auto options = ParseFlipOptions(
      {"--settings=adaptive,expedited/synchronize", "--duration=2s", "--rounds=3",
       "--interval=100ms", "--rate=500", "--write_rate=50", "--callers=7",
       "--write_callers=8", "--entries=9", "--value_bytes=20", "--seed=11", "--table=t",
       "--address=a:1", "--admin_address=a:2", "--json=j", "--csv=c", "--html=h"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(NamesOf(options->settings), "adaptive/call_rcu,expedited/synchronize");
  EXPECT_EQ(options->duration, absl::Seconds(2));
  EXPECT_EQ(options->settling(), absl::Milliseconds(400));
  EXPECT_EQ(options->rounds, 3);
  EXPECT_EQ(options->interval, absl::Milliseconds(100));
  EXPECT_EQ(options->rate, 500);
  EXPECT_EQ(options->write_rate, 50);
  EXPECT_EQ(options->callers, 7);
  EXPECT_EQ(options->write_callers, 8);
  EXPECT_EQ(options->entries, 9);
  EXPECT_EQ(options->value_bytes, 20);
  EXPECT_EQ(options->seed, 11);
  EXPECT_EQ(options->table, "t");
  EXPECT_EQ(options->address, "a:1");
  EXPECT_EQ(options->admin_address, "a:2");
  EXPECT_EQ(options->json, "j");
  EXPECT_EQ(options->csv, "c");
  EXPECT_EQ(options->html, "h");
}

TEST(FlipOptions, MistakesNameTheFlagAndTheRemedy) {
  EXPECT_THAT(Refusal({"--settings=slow"}),
              AllOf(HasSubstr("--settings=slow"), HasSubstr("non_expedited/call_rcu")));
  EXPECT_THAT(Refusal({"--duration=5"}), HasSubstr("must be a time from 40ms"));
  EXPECT_THAT(Refusal({"--interval=1ms"}), HasSubstr("must be a time from 20ms"));
  EXPECT_THAT(Refusal({"--rounds=0"}), HasSubstr("--rounds=0"));
  EXPECT_THAT(Refusal({"--rate=0"}), HasSubstr("--rate=0: must be a number from 1"));
  EXPECT_THAT(Refusal({"--write_rate=nan"}), HasSubstr("must be a number from 1"));
  EXPECT_THAT(Refusal({"--value_bytes=8"}), HasSubstr("from 16"));
}

TEST(FlipOptions, APhaseHasTwoSamplesOrMore) {
  EXPECT_THAT(Refusal({"--duration=400ms"}),
              AllOf(HasSubstr("--duration=400ms"), HasSubstr("--interval=250ms")));
  EXPECT_TRUE(ParseFlipOptions({"--duration=500ms"}).ok());
}

TEST(FlipOptions, AServerThatRunsIsNamedWithBothAddresses) {
  EXPECT_THAT(Refusal({"--address=a:1"}),
              AllOf(HasSubstr("--address=a:1"), HasSubstr("give --admin_address")));
  EXPECT_THAT(Refusal({"--admin_address=a:2"}),
              AllOf(HasSubstr("--admin_address=a:2"), HasSubstr("give --address")));
  EXPECT_THAT(Refusal({"--address=a:1", "--admin_address=a:2", "--server_binary=/bin/s"}),
              HasSubstr("--server_binary=/bin/s: with --address none is started"));
}

TEST(FlipOptions, FilesAreDifferent) {
  EXPECT_THAT(Refusal({"--json=x", "--csv=x"}), HasSubstr("--csv=x"));
  EXPECT_THAT(Refusal({"--json=x", "--html=x"}), HasSubstr("the file of --json"));
  EXPECT_THAT(Refusal({"--csv=x", "--html=x"}), HasSubstr("the file of --csv"));
}

TEST(FlipOptions, TheHelpHasEachFlag) {
  for (const char* flag :
       {"--settings", "--duration", "--rounds", "--interval", "--rate", "--write_rate",
        "--address", "--seed", "--json", "--csv", "--html"}) {
    EXPECT_THAT(FlipHelp(), HasSubstr(flag));
  }
}

}  // namespace
}  // namespace rcukv::loadtest
