#include "loadtest/soak/soak_verdict.h"

#include <functional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr double kTolerance = 5;
constexpr size_t kCount = 600;

// `mebibytes` of the moment, from 0 at the begin to 1 at the end.
std::vector<SoakSample> Samples(size_t count,
                                const std::function<double(double)>& mebibytes) {
  std::vector<SoakSample> samples(count);
  for (size_t i = 0; i < count; ++i) {
    const double moment = static_cast<double>(i) / static_cast<double>(count);
    samples[i].resident_bytes = static_cast<uint64_t>(mebibytes(moment) * (1 << 20));
  }
  return samples;
}

SoakVerdict Judge(const std::function<double(double)>& mebibytes) {
  return JudgeMemory(Samples(kCount, mebibytes), kTolerance);
}

TEST(JudgeMemory, WhatStaysIsFlat) {
  const SoakVerdict verdict = Judge([](double) { return 300; });
  EXPECT_TRUE(verdict.enough_samples);
  EXPECT_TRUE(verdict.flat);
  EXPECT_EQ(verdict.growth_percent, 0);
  EXPECT_EQ(
      ToString(verdict, kTolerance),
      "memory flat: resident 300.0 MiB (median of the last fifth) against 300.0 MiB "
      "(of the second fifth), +0.0 %; at most +5 % was allowed");
}

TEST(JudgeMemory, SlowGrowthIsNotFlat) {
  // By a tenth over the run: from 0.3 to 0.9 of it, 6 of 103.
  const SoakVerdict verdict = Judge([](double moment) { return 100 + 10 * moment; });
  EXPECT_TRUE(verdict.enough_samples);
  EXPECT_FALSE(verdict.flat);
  EXPECT_NEAR(verdict.growth_percent, 5.8, 0.1);
  EXPECT_THAT(ToString(verdict, kTolerance),
              StartsWith("memory NOT flat: resident 109.0 MiB"));
}

TEST(JudgeMemory, GrowthWithinTheToleranceIsFlat) {
  const SoakVerdict verdict = Judge([](double moment) { return 100 + 8 * moment; });
  EXPECT_TRUE(verdict.flat);
  EXPECT_NEAR(verdict.growth_percent, 4.7, 0.1);
  EXPECT_FALSE(
      JudgeMemory(Samples(kCount, [](double at) { return 100 + 8 * at; }), 4.5).flat);
}

TEST(JudgeMemory, AStepThatStaysIsNotFlat) {
  EXPECT_FALSE(Judge([](double moment) { return moment < 0.6 ? 100 : 120; }).flat);
}

TEST(JudgeMemory, APeakThatPassesIsFlat) {
  EXPECT_TRUE(Judge([](double at) { return 0.5 < at && at < 0.7 ? 200 : 100; }).flat);
  EXPECT_TRUE(Judge([](double at) { return at > 0.95 ? 200 : 100; }).flat);
}

TEST(JudgeMemory, TheWarmUpDoesNotCount) {
  EXPECT_TRUE(Judge([](double moment) { return moment < 0.2 ? 10 : 100; }).flat);
  EXPECT_FALSE(Judge([](double moment) { return moment < 0.4 ? 10 : 100; }).flat);
}

TEST(JudgeMemory, WhatShrinksDoesNotLeak) {
  const SoakVerdict verdict = Judge([](double moment) { return 100 - 20 * moment; });
  EXPECT_TRUE(verdict.flat);
  EXPECT_THAT(ToString(verdict, kTolerance), HasSubstr(", -12.8 %;"));
}

TEST(JudgeMemory, TooFewSamplesAreNoVerdict) {
  const auto steady = [](double) { return 300.0; };
  for (size_t count = 0; count < SoakVerdict::kMinSamples; ++count) {
    const SoakVerdict verdict = JudgeMemory(Samples(count, steady), kTolerance);
    EXPECT_FALSE(verdict.enough_samples);
    EXPECT_FALSE(verdict.flat);
    EXPECT_EQ(ToString(verdict, kTolerance), "memory not judged: too few samples");
  }
  EXPECT_TRUE(JudgeMemory(Samples(SoakVerdict::kMinSamples, steady), kTolerance).flat);
}

TEST(JudgeMemory, SamplesWithoutMemoryAreNoVerdict) {
  EXPECT_FALSE(Judge([](double) { return 0; }).flat);
}

}  // namespace
}  // namespace rcukv::loadtest
