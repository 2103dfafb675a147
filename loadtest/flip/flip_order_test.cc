#include "loadtest/flip/flip_order.h"

#include <algorithm>
#include <set>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(FlipOrder, ARoundHasEachSettingOnce) {
  const std::vector<size_t> order = FlipOrder(7, 5, 1);
  ASSERT_EQ(order.size(), 35u);
  for (size_t round = 0; round < 5; ++round) {
    const auto begin = order.begin() + static_cast<ptrdiff_t>(7 * round);
    EXPECT_EQ(std::set<size_t>(begin, begin + 7).size(), 7u) << "round " << round;
  }
}

TEST(FlipOrder, NoSettingFollowsUponItself) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    for (const size_t settings : {2, 3}) {
      const std::vector<size_t> order = FlipOrder(settings, 20, seed);
      EXPECT_EQ(std::adjacent_find(order.begin(), order.end()), order.end()) << seed;
    }
  }
}

TEST(FlipOrder, TheSeedDecides) {
  EXPECT_EQ(FlipOrder(7, 5, 1), FlipOrder(7, 5, 1));
  EXPECT_NE(FlipOrder(7, 5, 1), FlipOrder(7, 5, 2));
}

TEST(FlipOrder, RoundsDifferAndEachSettingComesToEachPlace) {
  const size_t settings = 4;
  std::set<std::pair<size_t, size_t>> places;
  const std::vector<size_t> order = FlipOrder(settings, 100, 1);
  for (size_t i = 0; i < order.size(); ++i) places.insert({i % settings, order[i]});
  EXPECT_EQ(places.size(), settings * settings);
}

}  // namespace
}  // namespace rcukv::loadtest
