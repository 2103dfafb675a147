#include "loadtest/base/interrupt.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

#include "gtest/gtest.h"

namespace {

constexpr time_t kHour = 3600;

// By how much the wall clock goes forward each time that it is read.
std::atomic<time_t> step_seconds{0};
std::atomic<time_t> ahead_seconds{0};

}  // namespace

// In the place of the C library's.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const long result = syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_REALTIME) now->tv_sec += ahead_seconds += step_seconds;
  return static_cast<int>(result);
}

namespace rcukv::loadtest {
namespace {

TEST(SleepUnlessInterrupted, AWallClockThatIsSetDoesNotEndIt) {
  step_seconds = kHour;
  ASSERT_GT(time(nullptr), 0);
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  EXPECT_FALSE(SleepUnlessInterrupted(absl::Milliseconds(20)));
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace rcukv::loadtest
