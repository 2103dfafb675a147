#include "loadtest/base/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "absl/time/time.h"

namespace rcukv::loadtest {
namespace {

constexpr absl::Duration kLongestPoll = absl::Minutes(1);

std::atomic<bool> interrupted{false};
// Readable once interrupted; -1 before CatchInterrupts, which poll ignores.
std::atomic<int> wake_fd{-1};

void OnSignal(int) {
  // relaxed: nothing is published through them; the event wakes who waits.
  interrupted.store(true, std::memory_order_relaxed);
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written =
      write(wake_fd.load(std::memory_order_relaxed), &one, sizeof(one));
}

}  // namespace

void CatchInterrupts() {
  // relaxed: the handler that reads it is installed by this thread afterwards.
  wake_fd.store(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), std::memory_order_relaxed);
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  // A program that does not come to look at the request can still be ended.
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool Interrupted() {
  // relaxed: a flag of its own.
  return interrupted.load(std::memory_order_relaxed);
}

// relaxed: set once, before.
int InterruptFd() { return wake_fd.load(std::memory_order_relaxed); }

bool SleepUnlessInterrupted(absl::Duration duration) {
  // The wall clock may be set meanwhile.
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  while (!Interrupted()) {
    const absl::Duration left = duration - absl::FromChrono(Clock::now() - start);
    if (left <= absl::ZeroDuration()) break;
    pollfd woken = {.fd = InterruptFd(), .events = POLLIN, .revents = 0};
    const absl::Duration longest = std::min(left, kLongestPoll);
    poll(&woken, 1, static_cast<int>(absl::ToInt64Milliseconds(longest)) + 1);
  }
  return Interrupted();
}

}  // namespace rcukv::loadtest
