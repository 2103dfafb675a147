#include "loadtest/compare/budget.h"

#include <cmath>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/comparison_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr size_t kMb = 0;
constexpr size_t kMemb = 1;

void SetCpuNs(Comparison& comparison, const std::string& name, size_t strategy,
              double ns) {
  for (Sample& sample : CaseOf(comparison, name).samples[strategy]) {
    sample.cpu_ns_per_read = ns;
  }
}

// Where a section takes 100 ns with mb and 10 ns with memb-expedited, a lookup 150 ns,
// and a call 100 us and 1 us a key.
Comparison RoundFigures() {
  Comparison comparison = MadeUpComparison();
  SetCpuNs(comparison, LookupsCase(Sections::kTenAKey), kMb, 1900);
  SetCpuNs(comparison, LookupsCase(Sections::kOneAKey), kMb, 1000);
  SetCpuNs(comparison, LookupsCase(Sections::kTenAKey), kMemb, 590);
  SetCpuNs(comparison, LookupsCase(Sections::kOneAKey), kMemb, 500);
  SetCpuNs(comparison, LookupsCase(Sections::kOneABatch), kMb, 150);
  SetCpuNs(comparison, CallsCase(Rpc::kBatchGet, 1, Sections::kOneABatch), kMb, 100'000);
  SetCpuNs(comparison, CallsCase(Rpc::kBatchGet, 100, Sections::kOneABatch), kMb, 2000);
  return comparison;
}

// The median of a part; NaN where the call has none.
double Part(const CallBudget& budget, const std::string& name) {
  for (const BudgetPart& part : budget.parts) {
    if (part.name == name && part.ns.count > 0) return part.ns.median;
  }
  return std::nan("");
}

// Of the medians, which in these figures are the same in all rounds.
double Sum(const CallBudget& budget) {
  double sum = 0;
  for (const BudgetPart& part : budget.parts) sum += part.ns.median;
  return sum;
}

TEST(SectionNs, IsANinthOfWhatNineMoreEmptySectionsTake) {
  const Comparison comparison = RoundFigures();
  EXPECT_NEAR(SectionNs(comparison, kMb).median, 100, 1e-9);
  EXPECT_NEAR(SectionNs(comparison, kMemb).median, 10, 1e-9);
}

TEST(BudgetOf, EachPartFollowsFromWhatWasMeasured) {
  const std::vector<CallBudget> budgets = BudgetOf(RoundFigures());
  ASSERT_EQ(budgets.size(), 2u);
  const CallBudget& small = budgets[0];
  EXPECT_EQ(small.keys, 1);
  EXPECT_NEAR(small.total_ns.median, 100'000, 1e-6);
  EXPECT_NEAR(Part(small, "kernel"), 25'000, 1e-6);
  EXPECT_NEAR(small.barrier().ns.median, 90, 1e-6);
  // Its share of the section of a batch of 100 is no lookup.
  EXPECT_NEAR(Part(small, "lookup"), 150 - 0.9, 1e-6);
  EXPECT_TRUE(std::isnan(Part(small, "decoding, encoding")));
  const CallBudget& large = budgets[1];
  EXPECT_NEAR(large.total_ns.median, 200'000, 1e-6);
  EXPECT_NEAR(Part(large, "lookup"), 15'000 - 90, 1e-6);
  EXPECT_NEAR(large.barrier().ns.median, 90, 1e-6);
  EXPECT_NEAR(Part(large, "HTTP/2, gRPC"), Part(small, "HTTP/2, gRPC"), 1e-6);
  EXPECT_NEAR(Sum(small), small.total_ns.median, 1e-6);
  EXPECT_NEAR(Sum(large), large.total_ns.median, 1e-6);
}

TEST(BudgetOf, EachRoundHasPartsOfItsOwn) {
  Comparison comparison = RoundFigures();
  // With barriers a section takes 90 to 140 ns more than without, round by round.
  for (int round = 0; round < 6; ++round) {
    CaseOf(comparison, LookupsCase(Sections::kTenAKey))
        .samples[kMb][round]
        .cpu_ns_per_read = 1900 + 90 * round;
  }
  const BudgetPart barrier = BudgetOf(comparison)[0].barrier();
  EXPECT_NEAR(barrier.ns.median, 115, 1e-6);
  EXPECT_NEAR(barrier.ns.low, 90, 1e-6);
  EXPECT_NEAR(barrier.ns.high, 140, 1e-6);
}

TEST(BudgetOf, TheKernelsShareIsOfTheTwoStrategiesAlone) {
  Comparison comparison = RoundFigures();
  const std::string name = CallsCase(Rpc::kBatchGet, 1, Sections::kOneABatch);
  for (Sample& sample : CaseOf(comparison, name).samples[3]) {
    sample.server_system_seconds = 100;
  }
  EXPECT_NEAR(Part(BudgetOf(comparison)[0], "kernel"), 25'000, 1e-6);
}

TEST(BudgetOf, WithoutASmallCallGrpcAndDecodingAreToldTogether) {
  Comparison comparison = RoundFigures();
  comparison.options.keys = {100};
  const std::vector<CallBudget> budgets = BudgetOf(comparison);
  ASSERT_EQ(budgets.size(), 1u);
  EXPECT_NEAR(Sum(budgets[0]), budgets[0].total_ns.median, 1e-6);
  EXPECT_THAT(RenderBudget(comparison),
              AllOf(HasSubstr("HTTP/2, gRPC, decoding"), Not(HasSubstr("\n  decoding"))));
}

TEST(BudgetOf, WithoutTheLayersThatItFollowsFromThereIsNone) {
  for (const size_t layer : {2u, 3u}) {
    Comparison comparison = RoundFigures();
    comparison.layers.erase(comparison.layers.begin() + layer);
    EXPECT_TRUE(BudgetOf(comparison).empty());
    EXPECT_EQ(RenderBudget(comparison), "");
  }
}

TEST(RenderBudget, ShowsEachPartWithItsShare) {
  const std::string text = RenderBudget(RoundFigures());
  EXPECT_THAT(text, ContainsRegex("keys a call +1 +100\n"));
  EXPECT_THAT(text, ContainsRegex("total +100 us +200 us\n"));
  EXPECT_THAT(text, ContainsRegex("kernel +25.0 us 25.0% +50.0 us 25.0%\n"));
  EXPECT_THAT(text, ContainsRegex("decoding, encoding +- +60.2 us 30.1%\n"));
  EXPECT_THAT(text, ContainsRegex("barrier +90.0 ns 0.09% +90.0 ns 0.045%\n"));
}

TEST(RenderBudget, APartThatNoiseMadeNegativeIsCalledNoise) {
  Comparison comparison = RoundFigures();
  SetCpuNs(comparison, LookupsCase(Sections::kTenAKey), kMemb, 5000);
  EXPECT_THAT(RenderBudget(comparison), ContainsRegex("barrier +in the noise"));
}

TEST(RenderBudget, APartThatSomeRoundsDoNotHaveIsCalledNoise) {
  Comparison comparison = RoundFigures();
  CaseOf(comparison, LookupsCase(Sections::kTenAKey)).samples[kMb][2].cpu_ns_per_read = 0;
  EXPECT_GT(BudgetOf(comparison)[0].barrier().ns.median, 0);
  EXPECT_THAT(RenderBudget(comparison), ContainsRegex("barrier +in the noise"));
}

}  // namespace
}  // namespace rcukv::loadtest
