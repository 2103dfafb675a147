// The steps of a grace period, in their order; what they are worth is for the tests of
// domains to show.
#include "rcu/grace_period.h"

#include <string>

#include "gtest/gtest.h"

namespace rcu {
namespace {

std::string steps;

struct RecordedReaders final : Readers {
  void WaitForAll(HoldoutWatch&) override { steps += "scan "; }
};

void RecordedFence(MembarrierMode, Urgency urgency) {
  steps += urgency == Urgency::kWaited ? "fence " : "slow fence ";
}

class GracePeriodTest : public testing::Test {
 protected:
  void SetUp() override { steps.clear(); }

  RecordedReaders readers_;
};

TEST_F(GracePeriodTest, IsOneFenceThenOneScan) {
  GracePeriods grace_periods("test", readers_, &RecordedFence, MembarrierMode::kNone);
  grace_periods.Synchronize();
  EXPECT_EQ(steps, "fence scan ");
}

TEST_F(GracePeriodTest, InModeAdaptiveABatchTakesASlowFence) {
  GracePeriods grace_periods("test", readers_, &RecordedFence, MembarrierMode::kAdaptive);
  grace_periods.SynchronizeInBackground();
  EXPECT_EQ(steps, "slow fence scan ");
}

}  // namespace
}  // namespace rcu
