#include "loadtest/workload/zipf.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "loadtest/workload/chi_square.h"

namespace rcukv::loadtest {
namespace {

constexpr int kDraws = 1'000'000;

std::vector<double> ExactProbabilities(double exponent, size_t ranks) {
  std::vector<double> probabilities;
  double sum = 0;
  for (size_t rank = 0; rank < ranks; ++rank) {
    probabilities.push_back(std::pow(static_cast<double>(rank + 1), -exponent));
    sum += probabilities.back();
  }
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

std::vector<uint64_t> Counts(const Zipf& zipf, uint64_t seed) {
  Random random(seed);
  std::vector<uint64_t> counts(zipf.ranks());
  for (int i = 0; i < kDraws; ++i) ++counts[zipf.Draw(random)];
  return counts;
}

TEST(Zipf, DrawsEachRankAsOftenAsTheLawSays) {
  for (const double exponent : {0.0, 0.5, 0.99, 1.0, 1.01, 1.5}) {
    for (const size_t ranks : {2, 3, 10, 100, 1000}) {
      EXPECT_LT(ChiSquare(Counts(Zipf(exponent, ranks), 1),
                          ExactProbabilities(exponent, ranks)),
                ChiSquareBound(ranks))
          << "exponent " << exponent << ", " << ranks << " ranks";
    }
  }
}

TEST(Zipf, AnExponentThatIsOffByTwoHundredthsIsToldApart) {
  EXPECT_GT(ChiSquare(Counts(Zipf(0.99, 100), 1), ExactProbabilities(0.97, 100)),
            ChiSquareBound(100));
}

// The ranks of millions are few draws each: those between powers of two are compared
// together.
TEST(Zipf, TheTailOfMillionsOfRanksIsAsLongAsTheLawSays) {
  constexpr uint64_t kRanks = 3'000'000;
  const auto bin = [](uint64_t rank) { return std::bit_width(rank + 1) - 1; };
  const size_t bins = bin(kRanks - 1) + 1;
  const std::vector<double> exact = ExactProbabilities(0.99, kRanks);
  std::vector<double> probabilities(bins);
  for (uint64_t rank = 0; rank < kRanks; ++rank) probabilities[bin(rank)] += exact[rank];
  const Zipf zipf(0.99, kRanks);
  Random random(2);
  std::vector<uint64_t> counts(bins);
  for (int i = 0; i < kDraws; ++i) ++counts[bin(zipf.Draw(random))];
  EXPECT_LT(ChiSquare(counts, probabilities), ChiSquareBound(bins));
}

TEST(Zipf, RanksThatGrewAreDrawnAsIfThereHadAlwaysBeenSoMany) {
  Zipf grown(0.99, 10);
  grown.SetRanks(100);
  EXPECT_EQ(Counts(grown, 3), Counts(Zipf(0.99, 100), 3));
}

TEST(Zipf, ALoneRankIsAlwaysDrawn) {
  const Zipf zipf(0.99, 1);
  Random random(4);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(zipf.Draw(random), 0u);
}

TEST(Zipf, NoRankIsOutOfRange) {
  for (const double exponent : {0.0, 1.0, Zipf::kMaxExponent}) {
    const Zipf zipf(exponent, uint64_t{1} << 32);
    Random random(5);
    for (int i = 0; i < 100'000; ++i) EXPECT_LT(zipf.Draw(random), uint64_t{1} << 32);
  }
}

}  // namespace
}  // namespace rcukv::loadtest
