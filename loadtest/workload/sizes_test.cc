#include "loadtest/workload/sizes.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "loadtest/workload/chi_square.h"

namespace rcukv::loadtest {
namespace {

constexpr SizeLimits kAllowed = {.min = 16, .max = 1000};

// Of a size distribution from 20 to 29.
std::vector<uint64_t> Counts(const std::string& text) {
  const auto sizes = ParseSizes(text, kAllowed);
  EXPECT_TRUE(sizes.ok()) << sizes.status();
  Random random(1);
  std::vector<uint64_t> counts(10);
  for (int i = 0; i < 100'000; ++i) ++counts.at(sizes->Draw(random) - 20);
  return counts;
}

TEST(Sizes, AFixedSizeIsAlwaysThat) {
  const auto sizes = ParseSizes("123", kAllowed);
  ASSERT_TRUE(sizes.ok()) << sizes.status();
  Random random(1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(sizes->Draw(random), 123u);
}

TEST(Sizes, UniformOnesAreAllAlike) {
  EXPECT_LT(ChiSquare(Counts("uniform:20-29"), std::vector<double>(10, 0.1)),
            ChiSquareBound(10));
}

TEST(Sizes, OfZipfTheSmallOnesAreTheMost) {
  std::vector<double> probabilities;
  double sum = 0;
  for (int rank = 1; rank <= 10; ++rank) {
    probabilities.push_back(std::pow(rank, -0.99));
    sum += probabilities.back();
  }
  for (double& probability : probabilities) probability /= sum;
  EXPECT_LT(ChiSquare(Counts("zipf:20-29"), probabilities), ChiSquareBound(10));
}

TEST(Sizes, AreShownAsTheyWereGiven) {
  for (const char* text : {"100", "uniform:20-200", "zipf:16-1000"}) {
    EXPECT_EQ(ParseSizes(text, kAllowed)->ToString(), text);
  }
}

TEST(Sizes, WhatIsNoneIsRefusedWithTheLimits) {
  for (const char* text :
       {"", "x", "15", "1001", "-20", "20-30", "uniform:", "uniform:20", "uniform:30-20",
        "uniform:20-1001", "zipf:1-100", "zipf:20-", "normal:20-30"}) {
    const auto sizes = ParseSizes(text, kAllowed);
    EXPECT_EQ(sizes.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(sizes.status().message().find("from 16 to 1000"), absl::string_view::npos);
  }
}

}  // namespace
}  // namespace rcukv::loadtest
