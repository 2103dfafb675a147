#include "loadtest/workload/key_chooser.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "gtest/gtest.h"
#include "loadtest/workload/chi_square.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kKeys = 100;
constexpr int kDraws = 1'000'000;

std::vector<uint64_t> Counts(const KeyDistribution& distribution, size_t keys) {
  KeyChooser chooser(distribution, kKeys);
  Random random(1);
  std::vector<uint64_t> counts(keys);
  for (int i = 0; i < kDraws; ++i) ++counts[chooser.Choose(random, keys)];
  return counts;
}

// From the most popular to the least.
std::vector<double> ZipfProbabilities(size_t keys) {
  std::vector<double> probabilities;
  double sum = 0;
  for (size_t rank = 0; rank < keys; ++rank) {
    probabilities.push_back(std::pow(static_cast<double>(rank + 1), -0.99));
    sum += probabilities.back();
  }
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

TEST(Scattering, IsAPermutationOfEverySize) {
  for (const size_t size : {1, 2, 3, 4, 6, 10, 97, 100, 1000, 65'536, 99'991}) {
    const Scattering scattered(size);
    std::vector<bool> seen(size);
    for (size_t rank = 0; rank < size; ++rank) {
      const uint64_t index = scattered(rank);
      ASSERT_LT(index, size);
      EXPECT_FALSE(seen[index]) << "twice, of " << size;
      seen[index] = true;
    }
  }
}

TEST(Scattering, PutsNeighboursFarApart) {
  const Scattering scattered(100'000);
  for (uint64_t rank = 0; rank + 1 < 1000; ++rank) {
    const auto a = static_cast<int64_t>(scattered(rank));
    const auto b = static_cast<int64_t>(scattered(rank + 1));
    EXPECT_GT(std::abs(a - b), 10'000);
  }
}

TEST(KeyChooser, UniformChoosesEveryKeyAlikeAndInsertedOnesToo) {
  EXPECT_LT(ChiSquare(Counts({.kind = KeyDistribution::kUniform}, kKeys + 50),
                      std::vector<double>(kKeys + 50, 1.0 / (kKeys + 50))),
            ChiSquareBound(kKeys + 50));
}

TEST(KeyChooser, ZipfChoosesTheLoadedKeysScattered) {
  const std::vector<uint64_t> counts = Counts({}, kKeys + 50);
  const std::vector<double> probabilities = ZipfProbabilities(kKeys);
  const Scattering scattered(kKeys);
  std::vector<uint64_t> by_rank;
  for (size_t rank = 0; rank < kKeys; ++rank) by_rank.push_back(counts[scattered(rank)]);
  EXPECT_LT(ChiSquare(by_rank, probabilities), ChiSquareBound(kKeys));
  EXPECT_EQ(std::count(counts.begin() + kKeys, counts.end(), 0u), 50);
}

TEST(KeyChooser, LatestPrefersTheNewestKey) {
  std::vector<uint64_t> counts = Counts({.kind = KeyDistribution::kLatest}, kKeys + 50);
  std::reverse(counts.begin(), counts.end());
  EXPECT_LT(ChiSquare(counts, ZipfProbabilities(kKeys + 50)), ChiSquareBound(kKeys + 50));
}

TEST(KeyChooser, LatestFollowsTheInserts) {
  KeyChooser chooser({.kind = KeyDistribution::kLatest}, kKeys);
  Random random(2);
  bool newest = false;
  for (size_t keys = kKeys; keys < 2 * kKeys; ++keys) {
    const size_t index = chooser.Choose(random, keys);
    ASSERT_LT(index, keys);
    newest |= index >= kKeys;
  }
  EXPECT_TRUE(newest);
}

TEST(KeyChooser, TheHotSetGetsItsShareOfTheOperations) {
  // A tenth of the keys, three quarters of the operations.
  const KeyDistribution distribution = {
      .kind = KeyDistribution::kHotSet, .hot_keys = 0.1, .hot_operations = 0.75};
  std::vector<double> probabilities(kKeys, 0.25 / 90);
  const Scattering scattered(kKeys);
  for (size_t rank = 0; rank < 10; ++rank) probabilities[scattered(rank)] = 0.075;
  EXPECT_LT(ChiSquare(Counts(distribution, kKeys), probabilities), ChiSquareBound(kKeys));
}

TEST(KeyChooser, AHotSetOfAllKeysIsUniform) {
  const KeyDistribution distribution = {
      .kind = KeyDistribution::kHotSet, .hot_keys = 1, .hot_operations = 0.5};
  EXPECT_LT(
      ChiSquare(Counts(distribution, kKeys), std::vector<double>(kKeys, 1.0 / kKeys)),
      ChiSquareBound(kKeys));
}

}  // namespace
}  // namespace rcukv::loadtest
