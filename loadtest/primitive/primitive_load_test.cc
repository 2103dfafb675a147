#include "loadtest/primitive/primitive_load.h"

#include <cstdio>
#include <string>

#include "gtest/gtest.h"
#include "loadtest/base/strategy.h"

namespace rcukv::loadtest {
namespace {

TEST(RunPrimitiveLoad, EveryStrategyReadsAndWritesAndNobodySeesWhatWasFreed) {
  for (const Strategy& strategy : AllStrategies()) {
    if (const absl::Status status = PreparePrimitive(strategy); !status.ok()) {
      printf("not run: %s: %s\n", strategy.name.c_str(), status.ToString().c_str());
      continue;
    }
    const PrimitiveRates rates = RunPrimitiveLoad(
        strategy, {.readers = 2, .writers = 1, .duration = absl::Milliseconds(100)});
    EXPECT_GT(rates.reads, 0u) << strategy.name;
    EXPECT_GT(rates.reads_per_second, 0) << strategy.name;
    EXPECT_GT(rates.writes_per_second, 0) << strategy.name;
    EXPECT_GT(rates.cpu_ns_per_read, 0) << strategy.name;
    EXPECT_EQ(rates.wrong, 0u) << strategy.name;
  }
}

TEST(RunPrimitiveLoad, WithoutWritersThereAreNoWrites) {
  const Strategy& mb = AllStrategies().front();
  ASSERT_TRUE(PreparePrimitive(mb).ok());
  const PrimitiveRates rates = RunPrimitiveLoad(
      mb, {.readers = 1, .writers = 0, .duration = absl::Milliseconds(20)});
  EXPECT_GT(rates.reads, 0u);
  EXPECT_EQ(rates.writes_per_second, 0);
}

}  // namespace
}  // namespace rcukv::loadtest
