#include "loadtest/base/strategy.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> Names(const std::vector<Strategy>& strategies) {
  std::vector<std::string> names;
  for (const Strategy& strategy : strategies) names.push_back(strategy.name);
  return names;
}

std::string Error(std::string_view names) {
  return std::string(ParseStrategies(names).status().message());
}

TEST(ParseStrategies, KeepsTheOrderAndTakesUnderscoresForDashes) {
  const auto parsed = ParseStrategies("rwlock,memb_non_expedited,mb");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(Names(*parsed), ElementsAre("rwlock", "memb-non-expedited", "mb"));
}

TEST(ParseStrategies, AllIsEveryStrategyAndMoreThanTheDefault) {
  const auto parsed = ParseStrategies("all");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(Names(*parsed), Names(AllStrategies()));
  EXPECT_THAT(Names(DefaultStrategies()),
              ElementsAre("mb", "memb-expedited", "memb-non-expedited", "memb-adaptive",
                          "signal", "qsbr", "rseq-expedited", "rwlock", "mutex"));
}

TEST(AllStrategies, TheServerIsToldOfTheFlavorAndTheMode) {
  const auto parsed = ParseStrategies("memb-global-expedited,qsbr");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->front().flags,
              ElementsAre("--rcu_flavor=memb", "--rcu_fallback=refuse",
                          "--membarrier_mode=global_expedited"));
  EXPECT_THAT(parsed->back().flags,
              ElementsAre("--rcu_flavor=qsbr", "--rcu_fallback=refuse"));
}

TEST(ParseStrategies, TellsAnUnknownOneWhichThereAre) {
  EXPECT_THAT(Error("mb,urcu"), HasSubstr("\"urcu\"; there are mb, memb-expedited, "));
  EXPECT_THAT(Error(""), HasSubstr("\"\""));
  EXPECT_THAT(Error("mb,"), HasSubstr("\"\""));
}

TEST(ParseStrategies, RefusesToRunOneTwice) {
  EXPECT_THAT(Error("memb-expedited,memb_expedited"),
              HasSubstr("memb-expedited is named twice"));
}

}  // namespace
}  // namespace rcukv::loadtest
