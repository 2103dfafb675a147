#include "bench/map/zipf.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

double Sum(uint64_t count, double exponent) {
  double sum = 0;
  for (uint64_t r = 1; r <= count; ++r) {
    sum += std::pow(static_cast<double>(r), -exponent);
  }
  return sum;
}

TEST(Zeta, IsTheSum) {
  for (const uint64_t count : {1, 2, 999, 1000, 1001, 5000, 300000}) {
    EXPECT_NEAR(Zeta(count, 0.99) / Sum(count, 0.99), 1, 1e-9) << count;
  }
}

TEST(Zipf, RanksAreDrawnInProportionToTheirShare) {
  constexpr uint64_t kCount = 10000;
  constexpr int kSteps = 1'000'000;
  const Zipf zipf(kCount, 0.99);
  std::vector<double> shares(kCount);
  for (int i = 0; i < kSteps; ++i) {
    const uint64_t rank = zipf.RankAt((i + 0.5) / kSteps);
    ASSERT_LT(rank, kCount);
    shares[rank] += 1.0 / kSteps;
  }
  const double zeta = Zeta(kCount, 0.99);
  EXPECT_NEAR(shares[0] * zeta, 1, 0.001);
  EXPECT_NEAR(shares[1] * zeta, std::pow(0.5, 0.99), 0.001);
  // The method is not exact from here on.
  double hundred = 0;
  for (int rank = 0; rank < 100; ++rank) hundred += shares[rank];
  EXPECT_NEAR(hundred, Zeta(100, 0.99) / zeta, 0.02);
}

TEST(Zipf, TheEndsAreWithinTheRanks) {
  const Zipf zipf(2, 0.99);
  EXPECT_EQ(zipf.RankAt(0), 0u);
  EXPECT_EQ(zipf.RankAt(std::nextafter(1.0, 0.0)), 1u);
}

}  // namespace
}  // namespace rcukv::bench
