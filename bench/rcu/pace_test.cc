#include "bench/rcu/pace.h"

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using std::chrono::milliseconds;

TEST(Pace, CallsAreDueAtEvenTimesFromTheStartOn) {
  const Pace::Clock::time_point start{milliseconds(70)};
  Pace pace(start, 500);
  EXPECT_EQ(pace.Next(), start);
  EXPECT_EQ(pace.Next(), start + milliseconds(2));
  EXPECT_EQ(pace.Next(), start + milliseconds(4));
}

TEST(Pace, DoesNotDriftWhereTheIntervalIsNoWholeNumber) {
  const Pace::Clock::time_point start{};
  Pace pace(start, 3000);
  for (int i = 0; i < 3000; ++i) pace.Next();
  EXPECT_EQ(pace.Next(), start + milliseconds(1000));
}

}  // namespace
}  // namespace rcukv::bench
