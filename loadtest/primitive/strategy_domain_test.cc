#include "loadtest/primitive/strategy_domain.h"

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

struct TestTag {};

class PrepareDomainTest : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Modes, PrepareDomainTest,
                         testing::Values("memb-adaptive", "memb-non-expedited"));

TEST_P(PrepareDomainTest, SetsTheModeOfTheStrategy) {
  const Strategy strategy = ParseStrategies(GetParam())->front();
  if (const absl::Status status = PrepareDomain<TestTag>(strategy); !status.ok()) {
    GTEST_SKIP() << status;
  }
  const auto mode = WithDomain<TestTag>(
      strategy, []<class Domain>() { return Domain::membarrier_mode(); });
  EXPECT_EQ(static_cast<int>(mode), static_cast<int>(strategy.membarrier_mode));
}

TEST(WithDomain, EveryStrategyHasTheDomainOfItsFlavor) {
  for (const Strategy& strategy : AllStrategies()) {
    const std::string_view flavor = WithDomain<TestTag>(
        strategy, []<class Domain>() { return Domain::FlavorName(); });
    EXPECT_TRUE(strategy.name.starts_with(flavor)) << strategy.name << " " << flavor;
  }
}

}  // namespace
}  // namespace rcukv::loadtest
