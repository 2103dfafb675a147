#include "loadtest/flip/sparkline.h"

#include <limits>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(Sparkline, EachLevelIsAsManyTimesTheOneBefore) {
  EXPECT_EQ(Sparkline({1.1, 2.2, 4.4, 8.8, 17, 33, 65, 129}, 1, 256, 8), ".:-=+*#@");
}

TEST(Sparkline, TheEndsAreTheFirstLevelAndTheLast) {
  EXPECT_EQ(Sparkline({1, 256}, 1, 256, 8), ".@");
  EXPECT_EQ(Sparkline({0.5, 1000}, 1, 256, 8), ".@") << "and what is beyond them";
}

TEST(Sparkline, WhatIsNoValueIsASpace) {
  EXPECT_EQ(Sparkline({kNone, 1, 0}, 1, 256, 8), " . ");
}

TEST(Sparkline, WhereAllAreAlikeThereIsOneLevel) {
  EXPECT_EQ(Sparkline({5, 5}, 5, 5, 8), "..");
  EXPECT_EQ(Sparkline({}, 0, 0, 8), "");
}

TEST(Sparkline, OfTooManyValuesTheLargestIsShown) {
  EXPECT_EQ(Sparkline({1, 256, 1, 1, kNone, kNone, 1}, 1, 256, 4), "@. .");
  EXPECT_EQ(Sparkline({1, 256, 1, 1, 1}, 1, 256, 4), "@..");
}

}  // namespace
}  // namespace rcukv::loadtest
