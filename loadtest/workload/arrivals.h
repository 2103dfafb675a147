// When the calls of an open loop are due: a Poisson process, which is what many callers
// who know nothing of one another make together.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_ARRIVALS_H_
#define RCUKV_LOADTEST_WORKLOAD_ARRIVALS_H_

#include <chrono>
#include <cmath>
#include <cstdint>

#include "loadtest/base/random.h"

namespace rcukv::loadtest {

class Arrivals {
 public:
  using Clock = std::chrono::steady_clock;

  // The least rate: of lower ones, the time of a call may be beyond what a clock can
  // show.
  static constexpr double kMinPerSecond = 1e-4;

  // `per_second` is kMinPerSecond or more. The same for the same seed, and drawn from
  // another sequence than that of the operations of this seed (operations.h): otherwise
  // what is done would depend on how long the wait for it was.
  Arrivals(Clock::time_point start, double per_second, uint64_t seed)
      : start_(start), mean_seconds_(1 / per_second), random_(Mix(seed ^ kSalt)) {
    Advance();
  }

  // Of the call that is to be made next.
  Clock::time_point due() const {
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(seconds_));
  }

  double per_second() const { return 1 / mean_seconds_; }

  // It was made.
  void Advance() {
    // In (0, 1]: its logarithm is finite.
    const double uniform = (static_cast<double>(random_() >> 11) + 1) * 0x1p-53;
    seconds_ -= std::log(uniform) * mean_seconds_;
  }

 private:
  // Any number.
  static constexpr uint64_t kSalt = 0x6172726976616c73;

  const Clock::time_point start_;
  const double mean_seconds_;
  Random random_;
  // From the start until the next is due.
  double seconds_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_ARRIVALS_H_
