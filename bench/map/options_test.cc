#include "bench/map/options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;

MapOptions Parsed(const std::vector<std::string>& arguments) {
  const absl::StatusOr<MapOptions> options = ParseMapOptions(arguments);
  EXPECT_TRUE(options.ok()) << options.status();
  return options.value_or(MapOptions());
}

TEST(MapOptions, QuickMeansShorterSamplesOfSmallerTables) {
  EXPECT_LT(Parsed({"--quick"}).seconds, Parsed({}).seconds);
  EXPECT_LT(Parsed({"--quick"}).max_entries, Parsed({}).max_entries);
}

TEST(MapOptions, QuickDoesNotOverrideWhatIsSaid) {
  EXPECT_EQ(Parsed({"--seconds=3", "--quick"}).seconds, 3);
  EXPECT_EQ(Parsed({"--quick", "--max_entries=10000000"}).max_entries, 10'000'000);
}

TEST(MapOptions, AWrongValueIsAnErrorThatNamesTheFlag) {
  EXPECT_THAT(std::string(ParseMapOptions({"--max_entries=1e9"}).status().message()),
              HasSubstr("--max_entries=1e9"));
}

TEST(MapOptions, WhatAResultDependsOnIsDescribed) {
  const auto described = Described(Parsed({"--full", "--seconds=0.5"}));
  EXPECT_EQ(described.at("full"), "true");
  EXPECT_EQ(described.at("seconds"), "0.5");
}

TEST(MapOptions, TheHelpListsTheFlags) {
  for (const char* flag : {"filter", "quick", "full", "rounds", "seconds", "json"}) {
    EXPECT_THAT(MapHelp(), HasSubstr(std::string("--") + flag));
  }
}

}  // namespace
}  // namespace rcukv::bench
