// The clock of every duration in rcu/.
#ifndef RCUKV_RCU_CLOCK_H_
#define RCUKV_RCU_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace rcu {

// Nanoseconds of a clock that never goes back.
inline uint64_t NowNs() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                               std::chrono::nanoseconds(1));
}

}  // namespace rcu

#endif  // RCUKV_RCU_CLOCK_H_
