#include "clients/cpp/deadline.h"

#include <gtest/gtest.h>

namespace rcukv::internal {
namespace {

TEST(DeadlineAfter, IsByTheSteadyClock) {
  const SteadyTime before = SteadyClock::now();
  const SteadyTime deadline = DeadlineAfter(absl::Seconds(5));
  EXPECT_GE(deadline, before + std::chrono::seconds(5));
  EXPECT_LE(deadline, SteadyClock::now() + std::chrono::seconds(5));
}

TEST(DeadlineAfter, OfATimeThatIsOverIsNow) {
  const SteadyTime before = SteadyClock::now();
  const SteadyTime deadline = DeadlineAfter(-absl::InfiniteDuration());
  EXPECT_GE(deadline, before);
  EXPECT_LE(deadline, SteadyClock::now());
}

TEST(DeadlineAfter, OfMoreThanALifeIsNever) {
  EXPECT_EQ(DeadlineAfter(absl::InfiniteDuration()), kNever);
  EXPECT_EQ(DeadlineAfter(absl::Hours(1e9)), kNever);
  EXPECT_NE(DeadlineAfter(absl::Hours(1000)), kNever);
}

TEST(ToGpr, IsOfTheSameClock) {
  const gpr_timespec before = gpr_now(GPR_CLOCK_MONOTONIC);
  const gpr_timespec now = ToGpr(SteadyClock::now());
  EXPECT_EQ(now.clock_type, GPR_CLOCK_MONOTONIC);
  EXPECT_LE(gpr_time_cmp(before, now), 0);
  EXPECT_LE(gpr_time_cmp(now, gpr_now(GPR_CLOCK_MONOTONIC)), 0);
  EXPECT_EQ(gpr_time_cmp(ToGpr(kNever), gpr_inf_future(GPR_CLOCK_MONOTONIC)), 0);
}

}  // namespace
}  // namespace rcukv::internal
