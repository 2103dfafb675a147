#include "bench/rcu/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

using Words = std::vector<std::string>;

std::vector<std::string> NamesOf(const std::vector<Measure>& measures) {
  std::vector<std::string> names;
  for (const Measure& measure : measures) names.push_back(measure.name);
  return names;
}

std::vector<Measure> Planned(const std::string& filter) {
  RcuOptions options;
  options.filter = filter;
  options.samplers = "/samplers";
  return PlanRcu(options);
}

std::map<std::string, double> Targets() {
  std::map<std::string, double> targets;
  for (const Measure& measure : Planned("")) {
    for (const Compared& compared : measure.compared) {
      if (compared.target.has_value()) targets[compared.name] = *compared.target;
    }
  }
  return targets;
}

TEST(PlanRcu, TheNamesDiffer) {
  const std::vector<std::string> names = NamesOf(Planned(""));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(PlanRcu, HasWhatIsAskedOfTheLibrary) {
  std::map<std::string, double> targets = Targets();
  EXPECT_EQ(targets["rcu.read.memb.1r0w"], 1.5);
  EXPECT_EQ(targets["rcu.read.memb.6r2w"], 2);
  EXPECT_EQ(targets["rcu.read.memb_over_mb.6r2w"], 10);
  EXPECT_EQ(targets["rcu.sync.memb.busy"], 1.5);
  EXPECT_EQ(targets["rcu.sync.memb.shared"], 2);
  EXPECT_EQ(targets["rcu.retire.memb"], 4);
  EXPECT_EQ(targets["rcu.retire_free.memb"], 2);
  for (const char* flavor : {"memb", "mb", "signal", "qsbr"}) {
    for (const char* shape : {"1r0w", "1r1w", "6r2w"}) {
      EXPECT_GE(targets[std::string("rcu.read.") + flavor + "." + shape], 1);
    }
  }
}

TEST(PlanRcu, BothSidesDoTheSame) {
  for (const Measure& measure : Planned("^rcu\\.(sync|retire|table|read\\.[a-z]+\\.)")) {
    ASSERT_EQ(measure.arms.size(), 2u);
    std::vector<std::string> ours = measure.arms[0].command;
    std::vector<std::string> theirs = measure.arms[1].command;
    EXPECT_NE(ours.front(), theirs.front());
    ours.erase(ours.begin());
    theirs.erase(theirs.begin());
    EXPECT_EQ(ours, theirs) << measure.name;
  }
}

TEST(PlanRcu, AFilterPicksMeasuresByAPartOfTheirNames) {
  EXPECT_THAT(NamesOf(Planned("retire")),
              ElementsAre("rcu.retire.memb", "rcu.retire_free.memb"));
  EXPECT_THAT(Planned("no such measure"), IsEmpty());
}

TEST(PlanRcu, NamesThePeerAndItsFlavor) {
  const std::vector<Measure> measures = Planned("read.qsbr.1r1w");
  ASSERT_EQ(measures.size(), 1u);
  EXPECT_EQ(measures[0].arms[1].label, "liburcu-qsbr");
  EXPECT_THAT(measures[0].arms[1].command, Contains("--flavor=qsbr"));
}

TEST(PlanRcu, MembarrierModesDifferInTheModeAlone) {
  for (const Measure& measure : Planned("modes")) {
    ASSERT_EQ(measure.arms.size(), 1u);
    Words command = measure.arms[0].command;
    std::erase_if(command, [](const std::string& word) {
      return word.starts_with("--mode=") || word.starts_with("--budget=");
    });
    EXPECT_THAT(command, ElementsAre("/samplers/modes_sampler", "--seconds=2"))
        << measure.name;
  }
}

TEST(PlanRcu, ModeAdaptiveIsThereWithTheLibrarysBudgetAndWithASmallOne) {
  EXPECT_THAT(NamesOf(Planned("modes.*adaptive")),
              ElementsAre("rcu.modes.adaptive", "rcu.modes.adaptive_100"));
  const std::vector<Measure> small = Planned("adaptive_100");
  EXPECT_THAT(small[0].arms[0].command,
              IsSupersetOf({"--mode=adaptive", "--budget=100"}));
}

TEST(PlanRcu, TheTableTakesItsOwnTime) {
  RcuOptions options;
  options.table_seconds = 7;
  options.filter = "table.expedited";
  EXPECT_THAT(PlanRcu(options)[0].arms[0].command, Contains("--seconds=7"));
}

}  // namespace
}  // namespace rcukv::bench
