#include "bench/measure.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> NamesMatching(const std::string& filter) {
  std::vector<std::string> names;
  for (const Measure& measure :
       Matching({{.name = "rcu.table",
       .arms = {},
       .compared = {{"rcu.table.reads", ""}, {"rcu.table.writes", ""}}},
                 {.name = "rcu.sync", .arms = {}, .compared = {}}},
                filter)) {
    names.push_back(measure.name);
  }
  return names;
}

TEST(Matching, FindsTheExpressionInTheNamesOfMeasuresAndOfComparisons) {
  EXPECT_THAT(NamesMatching(""), ElementsAre("rcu.table", "rcu.sync"));
  EXPECT_THAT(NamesMatching("^rcu.s"), ElementsAre("rcu.sync"));
  EXPECT_THAT(NamesMatching("writes$"), ElementsAre("rcu.table"));
  EXPECT_THAT(NamesMatching("no such name"), IsEmpty());
}

TEST(ValuesOf, LeavesOutSamplesThatDoNotHaveTheFigure) {
  EXPECT_THAT(ValuesOf({{{"reads", 1}}, {{"writes", 2}}, {{"reads", 3}}}, "reads"),
              ElementsAre(1, 3));
}

}  // namespace
}  // namespace rcukv::bench
