#include "loadtest/workload/arrivals.h"

#include <cmath>
#include <cstdint>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using Clock = Arrivals::Clock;

double SecondsOf(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

TEST(Arrivals, ComeAtTheRateAskedFor) {
  const Clock::time_point start = Clock::now();
  Arrivals arrivals(start, 1000, /*seed=*/1);
  constexpr int kCalls = 100'000;
  for (int i = 0; i < kCalls; ++i) arrivals.Advance();
  // Its standard deviation is 0.3 %.
  EXPECT_NEAR(SecondsOf(arrivals.due() - start), kCalls / 1000.0, 2);
}

// Of a Poisson process: as long as the mean, and not the same each time.
TEST(Arrivals, AreAsIrregularAsThoseOfManyCallers) {
  Arrivals arrivals(Clock::now(), 1000, /*seed=*/1);
  constexpr int kCalls = 100'000;
  double sum_of_squares = 0;
  for (int i = 0; i < kCalls; ++i) {
    const Clock::time_point before = arrivals.due();
    arrivals.Advance();
    EXPECT_GE(arrivals.due(), before);
    const double gap = SecondsOf(arrivals.due() - before) - 0.001;
    sum_of_squares += gap * gap;
  }
  EXPECT_NEAR(sum_of_squares / kCalls, 1e-6, 0.1e-6);
}

TEST(Arrivals, AreTheSameForTheSameSeed) {
  const Clock::time_point start = Clock::now();
  Arrivals a(start, 1000, 1);
  Arrivals b(start, 1000, 1);
  Arrivals c(start, 1000, 2);
  EXPECT_EQ(a.due(), b.due());
  EXPECT_NE(a.due(), c.due());
  EXPECT_GT(a.due(), start);
}

// The operations of a seed are drawn from Random(Mix(seed)).
TEST(Arrivals, AreNotDrawnFromTheSequenceOfTheOperations) {
  constexpr uint64_t kSeed = 1;
  Random operations(Mix(kSeed));
  const double uniform = (static_cast<double>(operations() >> 11) + 1) * 0x1p-53;
  const Clock::time_point start = Clock::now();
  for (const uint64_t seed : {kSeed, Mix(kSeed)}) {
    EXPECT_GT(
        std::abs(SecondsOf(Arrivals(start, 1, seed).due() - start) + std::log(uniform)),
        1e-6);
  }
}

TEST(Arrivals, OfTheLowestRateAreInTheFuture) {
  const Clock::time_point start = Clock::now();
  Arrivals arrivals(start, Arrivals::kMinPerSecond, /*seed=*/1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GT(arrivals.due(), start);
    arrivals.Advance();
  }
}

}  // namespace
}  // namespace rcukv::loadtest
