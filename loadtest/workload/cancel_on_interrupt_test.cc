#include "loadtest/workload/cancel_on_interrupt.h"

#include <signal.h>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "loadtest/base/interrupt.h"

namespace rcukv::loadtest {
namespace {

// The order matters: there is one request a process, and no way back.
TEST(CancelOnInterrupt, DoesNothingWithoutARequest) {
  CatchInterrupts();
  bool cancelled = false;
  {
    const CancelOnInterrupt cancel(absl::ZeroDuration(), [&] { cancelled = true; });
  }
  EXPECT_FALSE(cancelled);
}

TEST(CancelOnInterrupt, CancelsWhatIsStillThere) {
  absl::Notification cancelled;
  const CancelOnInterrupt cancel(absl::ZeroDuration(), [&] { cancelled.Notify(); });
  raise(SIGINT);
  cancelled.WaitForNotification();
}

TEST(CancelOnInterrupt, DoesNothingWhereAllEndsInTime) {
  ASSERT_TRUE(Interrupted());
  bool cancelled = false;
  {
    const CancelOnInterrupt cancel(absl::Hours(1), [&] { cancelled = true; });
  }
  EXPECT_FALSE(cancelled);
}

}  // namespace
}  // namespace rcukv::loadtest
