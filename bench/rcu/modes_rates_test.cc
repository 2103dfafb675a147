#include "bench/rcu/modes_rates.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr std::chrono::steady_clock::time_point kStart{std::chrono::seconds(1000)};

TEST(RatesBetween, ArePerSecond) {
  const ModesCounts before = {.time = kStart,
                              .reads = 100,
                              .writes = 10,
                              .calls = {.expedited = 1, .non_expedited = 2},
                              .interrupts = 50};
  const ModesCounts after = {
      .time = kStart + std::chrono::milliseconds(500),
      .reads = 1100,
      .writes = 20,
      .calls = {.expedited = 4, .non_expedited = 4, .global_expedited = 1},
      .interrupts = 60};
  EXPECT_THAT(
      RatesBetween(before, after),
      ElementsAre(Pair("expedited_per_second", 6), Pair("global_expedited_per_second", 2),
                  Pair("interrupts_per_second", 20), Pair("non_expedited_per_second", 4),
                  Pair("reads_per_second", 2000), Pair("writes_per_second", 20)));
}

TEST(RatesBetween, InterruptsWrapAroundAsTheKernelsCountersDo) {
  const ModesCounts before = {.time = kStart, .interrupts = 4294967290};
  const ModesCounts after = {.time = kStart + std::chrono::seconds(1), .interrupts = 4};
  EXPECT_THAT(RatesBetween(before, after), Contains(Pair("interrupts_per_second", 10)));
}

TEST(RatesBetween, InterruptsThatTheKernelDoesNotTellAreAbsent) {
  const ModesCounts before = {.time = kStart};
  const ModesCounts after = {.time = kStart + std::chrono::seconds(1)};
  EXPECT_THAT(RatesBetween(before, after), Not(Contains(Key("interrupts_per_second"))));
}

}  // namespace
}  // namespace rcukv::bench
