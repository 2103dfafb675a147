#include "loadtest/workload/run_options.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Refusal(const std::vector<std::string>& arguments) {
  const auto options = ParseRunOptions(arguments);
  EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(options.status().message());
}

TEST(RunOptions, WithoutFlagsItIsAClosedLoopOfWorkloadB) {
  const auto options = ParseRunOptions({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->workload.name, "b");
  EXPECT_EQ(options->keys.kind, KeyDistribution::kZipf);
  EXPECT_FALSE(options->rate.has_value());
  EXPECT_TRUE(options->load);
}

TEST(RunOptions, AnOpenLoopHasMoreCallersWhereNothingElseIsSaid) {
  EXPECT_EQ(ParseRunOptions({})->callers, 32);
  EXPECT_EQ(ParseRunOptions({"--rate=10"})->callers, 1000);
  EXPECT_EQ(ParseRunOptions({"--ramp_p99=5ms"})->callers, 1000);
  EXPECT_EQ(ParseRunOptions({"--rate=10", "--callers=5"})->callers, 5);
  EXPECT_THAT(Refusal({"--callers=0"}), HasSubstr("--callers=0: must be a whole number"));
}

TEST(RunOptions, TheAdminAddressIsKnownOfTheDefaultServerAlone) {
  EXPECT_EQ(ParseRunOptions({})->admin_address, "127.0.0.1:7701");
  EXPECT_EQ(ParseRunOptions({"--address=h:1"})->admin_address, "");
  EXPECT_EQ(ParseRunOptions({"--address=h:1", "--admin_address=h:2"})->admin_address,
            "h:2");
}

TEST(RunOptions, EveryFlagArrives) {
  const auto options = ParseRunOptions({"--address=h:1",
                                        "--table=t",
                                        "--workload=f",
                                        "--keys=hotset",
                                        "--zipf_exponent=1.2",
                                        "--hot_keys=0.1",
                                        "--hot_operations=0.9",
                                        "--scan_entries=7",
                                        "--batch=8",
                                        "--entries=1000",
                                        "--key_bytes=uniform:16-32",
                                        "--value_bytes=zipf:20-2000",
                                        "--seed=9",
                                        "--load=false",
                                        "--callers=5",
                                        "--connections=2",
                                        "--rate=1234.5",
                                        "--ramp_p99=5ms",
                                        "--warm_up=0s",
                                        "--duration=3s",
                                        "--timeout=1s",
                                        "--overhead=3s",
                                        "--json=j",
                                        "--csv=c",
                                        "--html=h"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->address, "h:1");
  EXPECT_EQ(options->table, "t");
  EXPECT_EQ(options->workload.name, "f");
  EXPECT_EQ(options->keys.kind, KeyDistribution::kHotSet);
  EXPECT_EQ(options->keys.exponent, 1.2);
  EXPECT_EQ(options->keys.hot_keys, 0.1);
  EXPECT_EQ(options->keys.hot_operations, 0.9);
  EXPECT_EQ(options->scan_entries, 7);
  EXPECT_EQ(options->entries, 1000);
  EXPECT_EQ(options->key_bytes.ToString(), "uniform:16-32");
  EXPECT_EQ(options->value_bytes.ToString(), "zipf:20-2000");
  EXPECT_EQ(options->seed, 9);
  EXPECT_FALSE(options->load);
  EXPECT_EQ(options->batch, 8);
  EXPECT_EQ(options->callers, 5);
  EXPECT_EQ(options->overhead, absl::Seconds(3));
  EXPECT_EQ(options->connections, 2);
  EXPECT_EQ(options->rate, 1234.5);
  EXPECT_EQ(options->ramp_p99, absl::Milliseconds(5));
  EXPECT_EQ(options->warm_up, absl::ZeroDuration());
  EXPECT_EQ(options->duration, absl::Seconds(3));
  EXPECT_EQ(options->timeout, absl::Seconds(1));
  EXPECT_EQ(options->json, "j");
  EXPECT_EQ(options->csv, "c");
  EXPECT_EQ(options->html, "h");
}

TEST(RunOptions, AWorkloadBringsItsKeysUnlessToldOtherwise) {
  EXPECT_EQ(ParseRunOptions({"--workload=d"})->keys.kind, KeyDistribution::kLatest);
  EXPECT_EQ(ParseRunOptions({"--keys=uniform", "--workload=d"})->keys.kind,
            KeyDistribution::kUniform);
}

TEST(RunOptions, WhatIsWrongIsNamedWithTheRemedy) {
  EXPECT_THAT(Refusal({"--workload=z"}),
              AllOf(HasSubstr("--workload=z: "), HasSubstr("no workload \"z\""),
                    HasSubstr("a, b, c, d, e and f")));
  for (const char* rate : {"0", "-1", "nan", "fast", "", "1e-10", "1e9"}) {
    EXPECT_THAT(Refusal({std::string("--rate=") + rate}),
                AllOf(HasSubstr("--rate="), HasSubstr("from 0.001 to"),
                      HasSubstr("leave the flag out")));
  }
  EXPECT_THAT(Refusal({"--keys=pareto"}), HasSubstr("uniform, zipf, latest or hotset"));
  EXPECT_THAT(Refusal({"--value_bytes=5"}), HasSubstr("from 16 to"));
  EXPECT_THAT(Refusal({"--duration=10"}), HasSubstr("must be a time"));
  EXPECT_THAT(Refusal({"--ramp_p99=5"}), HasSubstr("--ramp_p99=5: must be a time"));
  EXPECT_THAT(Refusal({"--entries=0"}), HasSubstr("--entries=0: must be"));
}

TEST(RunOptions, ATableThatIsTooSmallIsNamedWithWhatItIsTooSmallFor) {
  EXPECT_THAT(Refusal({"--entries=10", "--keys=hotset", "--hot_keys=0.01"}),
              AllOf(HasSubstr("--entries=10"), HasSubstr("too small"),
                    HasSubstr("--hot_keys=0.01")));
  EXPECT_THAT(Refusal({"--entries=10", "--workload=e"}),
              AllOf(HasSubstr("--entries=10"), HasSubstr("--scan_entries=100")));
  EXPECT_TRUE(ParseRunOptions({"--entries=10", "--workload=a"}).ok());
}

TEST(RunOptions, ARampBeginsAtARateThatItsSearchTries) {
  EXPECT_THAT(Refusal({"--ramp_p99=5ms", "--rate=0.5"}),
              AllOf(HasSubstr("--rate=0.5"), HasSubstr("--ramp_p99")));
  EXPECT_TRUE(ParseRunOptions({"--ramp_p99=5ms", "--rate=1"}).ok());
  EXPECT_TRUE(ParseRunOptions({"--rate=0.5"}).ok());
}

TEST(RunOptions, OneFileForBothFormatsIsRefused) {
  EXPECT_THAT(Refusal({"--json=/tmp/x", "--csv=/tmp/x"}),
              AllOf(HasSubstr("--csv=/tmp/x"), HasSubstr("--json")));
  EXPECT_THAT(Refusal({"--html=/tmp/x", "--csv=/tmp/x"}),
              AllOf(HasSubstr("--html=/tmp/x"), HasSubstr("--csv")));
  EXPECT_THAT(Refusal({"--html=/tmp/x", "--json=/tmp/x"}),
              AllOf(HasSubstr("--html=/tmp/x"), HasSubstr("--json")));
}

TEST(RunOptions, ConnectionsThatNobodyWouldUseAreRefused) {
  EXPECT_THAT(Refusal({"--connections=3", "--callers=2"}),
              AllOf(HasSubstr("--connections=3"), HasSubstr("--callers=2")));
}

TEST(RunOptions, TheHelpNamesEveryWorkloadAndTheDefaults) {
  EXPECT_THAT(RunHelp(), AllOf(HasSubstr("--workload=b"), HasSubstr("--key_bytes=24"),
                               HasSubstr("--duration=30s"), HasSubstr("--rate=")));
}

}  // namespace
}  // namespace rcukv::loadtest
