#include "loadtest/compare/map_load.h"

#include <cstdio>

#include "gtest/gtest.h"
#include "loadtest/base/strategy.h"

namespace rcukv::loadtest {
namespace {

TEST(MapUnderLoad, EveryStrategyFindsEachKeyWhileEntriesAreReplaced) {
  const Dataset dataset(1, 500, 40);
  for (const Strategy& strategy : AllStrategies()) {
    if (const absl::Status status = MapUnderLoad::Prepare(strategy); !status.ok()) {
      printf("not run: %s: %s\n", strategy.name.c_str(), status.ToString().c_str());
      continue;
    }
    const auto map = MapUnderLoad::New(strategy, dataset);
    for (const size_t batch : {0u, 7u, 1000u}) {
      const MapRates rates = map->Run({.threads = 2,
                                       .distinct_keys = 100,
                                       .batch = batch,
                                       .writes_per_second = 2000,
                                       .duration = absl::Milliseconds(40),
                                       .seed = 1});
      EXPECT_GT(rates.reads, 0u) << strategy.name;
      EXPECT_EQ(rates.wrong, 0u) << strategy.name;
      EXPECT_GT(rates.reads_per_second, 0) << strategy.name;
      EXPECT_GT(rates.cpu_ns_per_read, 0) << strategy.name;
      EXPECT_GT(rates.writes_per_second, 0) << strategy.name;
    }
  }
}

TEST(MapUnderLoad, WithoutARateNothingIsWritten) {
  const Dataset dataset(1, 3, 40);
  const Strategy& mb = AllStrategies().front();
  ASSERT_TRUE(MapUnderLoad::Prepare(mb).ok());
  // More threads and keys than there are entries.
  const MapRates rates =
      MapUnderLoad::New(mb, dataset)
          ->Run({.threads = 4, .distinct_keys = 10, .duration = absl::Milliseconds(10)});
  EXPECT_GT(rates.reads, 0u);
  EXPECT_EQ(rates.wrong, 0u);
  EXPECT_EQ(rates.writes_per_second, 0);
}

}  // namespace
}  // namespace rcukv::loadtest
