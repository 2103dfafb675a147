// How a writer waits for readers: longer and longer, as a section is short, but its
// thread may be off its CPU.
#ifndef RCUKV_RCU_BACKOFF_H_
#define RCUKV_RCU_BACKOFF_H_

#include <sched.h>
#include <time.h>

#include <algorithm>

#include "rcu/fence.h"

namespace rcu {

class Backoff {
 public:
  // Spins at first, then gives up the CPU, then sleeps, up to a millisecond.
  void Pause() {
    if (rounds_ < kSpins) {
      ++rounds_;
      SpinPause();
    } else if (rounds_ < kSpins + kYields) {
      ++rounds_;
      sched_yield();
    } else {
      const timespec pause = {.tv_sec = 0, .tv_nsec = sleep_ns_};
      nanosleep(&pause, nullptr);
      sleep_ns_ = std::min(2 * sleep_ns_, kSleepMaxNs);
    }
  }

  // Whether the pauses are so long by now that a look at the clock costs nothing.
  bool IsLong() const { return rounds_ == kSpins + kYields; }

 private:
  static constexpr int kSpins = 200;
  static constexpr int kYields = 50;
  static constexpr long kSleepMaxNs = 1'000'000;

  int rounds_ = 0;
  long sleep_ns_ = 20'000;
};

}  // namespace rcu

#endif  // RCUKV_RCU_BACKOFF_H_
