#include "loadtest/compare/compare_options.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseCompareOptions, WithoutArgumentsAllLayersAndTheDefaultStrategiesAreCompared) {
  const auto options = ParseCompareOptions({});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(NamesOf(options->strategies), NamesOf(DefaultStrategies()));
  EXPECT_FALSE(options->strategies_named);
  EXPECT_THAT(options->layers, ElementsAre(1, 2, 3, 4, 5));
}

TEST(ParseCompareOptions, StrategiesThatAreNamedAreAskedFor) {
  const auto options = ParseCompareOptions({"--strategies=all", "--quick"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->strategies.size(), AllStrategies().size());
  EXPECT_TRUE(options->strategies_named);
}

TEST(ParseCompareOptions, QuickAndBriefAreShorterAndGiveWayToWhatIsSaid) {
  const auto full = ParseCompareOptions({});
  const auto quick = ParseCompareOptions({"--quick"});
  const auto brief = ParseCompareOptions({"--brief"});
  const auto said = ParseCompareOptions({"--rounds=10", "--brief", "--keys=7"});
  ASSERT_TRUE(full.ok() && quick.ok() && brief.ok() && said.ok());
  EXPECT_LT(quick->seconds, full->seconds);
  EXPECT_LT(quick->rounds, full->rounds);
  EXPECT_EQ(quick->strategies.size(), full->strategies.size());
  EXPECT_LT(brief->strategies.size(), quick->strategies.size());
  EXPECT_FALSE(brief->strategies_named);
  EXPECT_EQ(said->rounds, 10);
  EXPECT_THAT(said->keys, ElementsAre(7));
  EXPECT_EQ(said->seconds, brief->seconds);
}

TEST(ParseCompareOptions, ListsOfNumbersAreSorted) {
  const auto options =
      ParseCompareOptions({"--layers=5,1", "--keys=1000,16", "--write_rates=7"});
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(options->layers, ElementsAre(1, 5));
  EXPECT_TRUE(options->HasLayer(5));
  EXPECT_FALSE(options->HasLayer(2));
  EXPECT_THAT(options->keys, ElementsAre(16, 1000));
  EXPECT_THAT(options->write_rates, ElementsAre(7));
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
  EXPECT_THAT(error("--layers=0"), HasSubstr("from 1 to 5, separated by commas"));
  EXPECT_THAT(error("--layers=1,6"), HasSubstr("from 1 to 5"));
  EXPECT_THAT(error("--layers="), HasSubstr("from 1 to 5"));
  EXPECT_THAT(error("--layers=1,1"), HasSubstr("different whole numbers"));
  EXPECT_THAT(error("--keys=10,many"), HasSubstr("from 1 to 10000"));
  EXPECT_THAT(error("--write_rates=0"), HasSubstr("from 1 to 1000000"));
  EXPECT_THAT(error("--threads=6"), HasSubstr("no flag --threads"));
  const auto both = ParseCompareOptions({"--quick", "--brief"});
  EXPECT_THAT(std::string(both.status().message()), HasSubstr("--quick and --brief"));
  const auto one_file = ParseCompareOptions({"--json=x", "--csv=x"});
  EXPECT_THAT(std::string(one_file.status().message()),
              HasSubstr("--csv=x: that is the file of --json"));
  const auto one_page = ParseCompareOptions({"--csv=x", "--html=x"});
  EXPECT_THAT(std::string(one_page.status().message()),
              HasSubstr("--html=x: that is the file of --csv"));
  const auto large = ParseCompareOptions({"--value_bytes=70000", "--keys=1,1000"});
  EXPECT_THAT(std::string(large.status().message()),
              HasSubstr("--value_bytes=70000: calls of 1000 keys"));
  EXPECT_TRUE(ParseCompareOptions({"--value_bytes=70000", "--keys=1,100"}).ok());
}

TEST(CompareHelp, ListsTheFlags) {
  EXPECT_THAT(CompareHelp(), HasSubstr("--strategies=mb,memb-expedited,"));
  EXPECT_THAT(CompareHelp(), HasSubstr("--layers=1,2,3,4,5\n"));
  EXPECT_THAT(CompareHelp(), HasSubstr("--keys=1,16,100,1000\n"));
}

}  // namespace
}  // namespace rcukv::loadtest
