#include "loadtest/primitive/primitive.h"

#include <cstdio>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Names(const std::vector<Strategy>& strategies) {
  std::vector<std::string> names;
  for (const Strategy& strategy : strategies) names.push_back(strategy.name);
  return names;
}

TEST(ParsePrimitiveOptions, NamesWhatIsWrong) {
  const auto options = ParsePrimitiveOptions({"--readers=0"});
  EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(options.status().message()),
              HasSubstr("--readers=0: must be a whole number from 1 to 1000"));
}

TEST(ParsePrimitiveOptions, ComparesWhatThePatchDidWhereNothingElseIsSaid) {
  const auto options = ParsePrimitiveOptions({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(Names(options->strategies),
              ElementsAre("mb", "signal", "memb-expedited", "memb-non-expedited", "qsbr",
                          "rwlock"));
  EXPECT_THAT(
      Names(ParsePrimitiveOptions({"--strategies=mutex,memb_adaptive"})->strategies),
      ElementsAre("mutex", "memb-adaptive"));
  EXPECT_THAT(std::string(ParsePrimitiveOptions({"--strategies=bp"}).status().message()),
              HasSubstr("no strategy is called \"bp\"; there are mb, memb-expedited, "));
}

TEST(RunPrimitive, EveryStrategyReadsAndWrites) {
  const auto all = ParsePrimitiveOptions({"--strategies=all"});
  ASSERT_TRUE(all.ok()) << all.status();
  for (const Strategy& strategy : all->strategies) {
    PrimitiveOptions options = {.strategies = {strategy},
                                .readers = 2,
                                .writers = 1,
                                .seconds = 0.1,
                                .rounds = 1,
                                .help = false};
    const auto results = RunPrimitive(options);
    if (!results.ok()) {
      printf("not run: %s\n", results.status().ToString().c_str());
      EXPECT_THAT(std::string(results.status().message()),
                  HasSubstr("strategy " + strategy.name + ": "));
      continue;
    }
    ASSERT_EQ(results->size(), 1u);
    EXPECT_GT(results->front().reads_per_second, 0) << strategy.name;
    EXPECT_GT(results->front().writes_per_second, 0) << strategy.name;
  }
}

TEST(RenderPrimitive, SetsThePatchsRatiosBesideOurs) {
  const std::string table =
      RenderPrimitive({}, {{"signal", 4e6, 2e3}, {"mb", 2e6, 1e6}, {"mutex", 1e6, 1e3}});
  EXPECT_THAT(table, HasSubstr("to mb"));
  EXPECT_THAT(table, ContainsRegex("signal +4.00M +2.00 +2.00k +983M +5.77 +539\n"));
  EXPECT_THAT(table, ContainsRegex("mutex +1.00M +0.50 +1.00k +- +- +-\n"));
}

}  // namespace
}  // namespace rcukv::loadtest
