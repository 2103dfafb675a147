// When the calls of an open loop are due: a Poisson process, which is what many callers
// who know nothing of one another make together.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_ARRIVALS_H_
#define RCUKV_LOADTEST_WORKLOAD_ARRIVALS_H_

#include <chrono>
#include <cmath>
#include <cstdint>

#include "loadtest/random.h"

namespace rcukv::loadtest {

class Arrivals {
 public:
  using Clock = std::chrono::steady_clock;

  // `per_second` is more than 0. The same for the same seed.
  Arrivals(Clock::time_point start, double per_second, uint64_t seed)
      : start_(start), mean_seconds_(1 / per_second), random_(seed) {
    Advance();
  }

  // Of the call that is to be made next.
  Clock::time_point due() const {
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(seconds_));
  }

  // It was made.
  void Advance() {
    // In (0, 1]: its logarithm is finite.
    const double uniform = (static_cast<double>(random_() >> 11) + 1) * 0x1p-53;
    seconds_ -= std::log(uniform) * mean_seconds_;
  }

 private:
  const Clock::time_point start_;
  const double mean_seconds_;
  Random random_;
  // From the start until the next is due.
  double seconds_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_ARRIVALS_H_
