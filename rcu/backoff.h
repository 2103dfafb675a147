// How a writer waits for readers: it spins, as a section is short; then it sleeps, longer
// and longer, as the reader's thread is off its CPU, maybe because the writer is on it.
//
// It does not yield: sched_yield() puts the writer behind everything that runs on its
// CPU, for a whole time slice each, where a sleeper is let run again as soon as its time
// is up.
// (`./run bench rcu --filter=6r2w` with yields in place of the first sleeps: some hundred
// grace periods a second instead of some ten thousand.)
#ifndef RCUKV_RCU_BACKOFF_H_
#define RCUKV_RCU_BACKOFF_H_

#include <time.h>

#include <algorithm>

#include "rcu/fence.h"

namespace rcu {

class Backoff {
 public:
  // At most a millisecond.
  void Pause() {
    if (rounds_ < kSpins) {
      ++rounds_;
      SpinPause();
      return;
    }
    const timespec pause = {.tv_sec = 0, .tv_nsec = sleep_ns_};
    nanosleep(&pause, nullptr);
    sleep_ns_ = std::min(2 * sleep_ns_, kSleepMaxNs);
  }

  // Whether the pauses are so long by now that a look at the clock costs nothing.
  bool IsLong() const { return rounds_ == kSpins; }

 private:
  static constexpr int kSpins = 200;
  static constexpr long kSleepMaxNs = 1'000'000;

  int rounds_ = 0;
  long sleep_ns_ = 5'000;
};

}  // namespace rcu

#endif  // RCUKV_RCU_BACKOFF_H_
