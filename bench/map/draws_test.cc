#include "bench/map/draws.h"

#include <algorithm>
#include <map>
#include <set>

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

constexpr uint32_t kEntries = 1000;

std::map<uint32_t, size_t> CountsOf(const std::vector<Draw>& draws) {
  std::map<uint32_t, size_t> counts;
  for (const Draw& draw : draws) ++counts[draw.index()];
  return counts;
}

TEST(MakeDraws, UniformOnesComeAlikeOften) {
  const auto counts = CountsOf(MakeDraws(Distribution::kUniform, kEntries, 1));
  EXPECT_EQ(counts.size(), kEntries);
  for (const auto& [index, count] : counts) {
    EXPECT_LT(index, kEntries);
    EXPECT_NEAR(static_cast<double>(count), kDraws / kEntries, 300);
  }
}

TEST(MakeDraws, ZipfsFrequentOnesAreNotNeighbours) {
  const auto counts = CountsOf(MakeDraws(Distribution::kZipf, kEntries, 1));
  EXPECT_LT(counts.rbegin()->first, kEntries);
  EXPECT_GT(counts.size(), kEntries * 9 / 10);
  std::set<uint32_t> frequent;
  for (const auto& [index, count] : counts) {
    if (count > kDraws / 50) frequent.insert(index);
  }
  EXPECT_GT(frequent.size(), 3u);
  for (const uint32_t index : frequent) EXPECT_EQ(frequent.count(index + 1), 0u);
}

TEST(MakeDraws, ThreadsDrawDifferently) {
  const auto a = MakeDraws(Distribution::kUniform, kEntries, 1);
  const auto b = MakeDraws(Distribution::kUniform, kEntries, 2);
  EXPECT_FALSE(std::equal(a.begin(), a.end(), b.begin(),
                          [](Draw x, Draw y) { return x.index() == y.index(); }));
}

TEST(WithUpdates, MarksAsManyAsAreAskedForAndKeepsTheKeys) {
  const auto plain = MakeDraws(Distribution::kUniform, kEntries, 1);
  const auto mixed = WithUpdates(plain, 10, 1);
  const auto updates =
      std::count_if(mixed.begin(), mixed.end(), [](Draw d) { return d.is_update(); });
  EXPECT_NEAR(static_cast<double>(updates) / kDraws, 0.1, 0.01);
  EXPECT_TRUE(std::equal(plain.begin(), plain.end(), mixed.begin(),
                         [](Draw x, Draw y) { return x.index() == y.index(); }));
}

}  // namespace
}  // namespace rcukv::bench
