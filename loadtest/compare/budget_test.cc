#include "loadtest/compare/budget.h"

#include <string>

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

double Sum(const CallBudget& budget) {
  return budget.kernel_ns + budget.lookup_ns + budget.barrier_ns + budget.grpc_ns +
         budget.keys_ns.value_or(0);
}

TEST(SectionNs, IsANinthOfWhatNineMoreEmptySectionsTake) {
  const Comparison comparison = RoundFigures();
  EXPECT_NEAR(*SectionNs(comparison, kMb), 100, 1e-9);
  EXPECT_NEAR(*SectionNs(comparison, kMemb), 10, 1e-9);
}

TEST(BudgetOf, EachPartFollowsFromWhatWasMeasured) {
  const std::vector<CallBudget> budgets = BudgetOf(RoundFigures());
  ASSERT_EQ(budgets.size(), 2u);
  const CallBudget& small = budgets[0];
  EXPECT_EQ(small.keys, 1);
  EXPECT_NEAR(small.total_ns, 100'000, 1e-6);
  EXPECT_NEAR(small.kernel_ns, 25'000, 1e-6);
  EXPECT_NEAR(small.barrier_ns, 90, 1e-6);
  // Its share of the section of a batch of 100 is no lookup.
  EXPECT_NEAR(small.lookup_ns, 150 - 0.9, 1e-6);
  EXPECT_NEAR(*small.keys_ns, 0, 1e-6);
  const CallBudget& large = budgets[1];
  EXPECT_NEAR(large.total_ns, 200'000, 1e-6);
  EXPECT_NEAR(large.lookup_ns, 15'000 - 90, 1e-6);
  EXPECT_NEAR(large.barrier_ns, 90, 1e-6);
  EXPECT_NEAR(large.grpc_ns, small.grpc_ns, 1e-6);
  EXPECT_NEAR(Sum(small), small.total_ns, 1e-6);
  EXPECT_NEAR(Sum(large), large.total_ns, 1e-6);
}

TEST(BudgetOf, WithoutASmallCallGrpcAndDecodingAreToldTogether) {
  Comparison comparison = RoundFigures();
  comparison.options.keys = {100};
  const std::vector<CallBudget> budgets = BudgetOf(comparison);
  ASSERT_EQ(budgets.size(), 1u);
  EXPECT_FALSE(budgets[0].keys_ns.has_value());
  EXPECT_NEAR(Sum(budgets[0]), budgets[0].total_ns, 1e-6);
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

}  // namespace
}  // namespace rcukv::loadtest
