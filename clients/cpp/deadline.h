// Internal to this library: when a call is to be over, by a clock that nobody sets. The
// wall clock is set, by hand and by those who correct it: a call would end at once, or
// hours late.
#ifndef RCUKV_CLIENTS_CPP_DEADLINE_H_
#define RCUKV_CLIENTS_CPP_DEADLINE_H_

#include <grpc/support/time.h>

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace rcukv::internal {

using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;

inline constexpr SteadyTime kNever = SteadyTime::max();

// Now for what is less than nothing; kNever for what no clock lives to see.
inline SteadyTime DeadlineAfter(absl::Duration timeout) {
  constexpr absl::Duration kLongest = absl::Hours(24 * 365 * 100);
  if (timeout > kLongest) return kNever;
  return SteadyClock::now() +
         absl::ToChronoNanoseconds(std::max(timeout, absl::ZeroDuration()));
}

// As gRPC takes it: its monotonic clock is the same.
inline gpr_timespec ToGpr(SteadyTime time) {
  if (time == kNever) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  const auto nanoseconds =
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch())
          .count();
  gpr_timespec spec;
  spec.tv_sec = nanoseconds / 1'000'000'000;
  spec.tv_nsec = static_cast<int32_t>(nanoseconds % 1'000'000'000);
  spec.clock_type = GPR_CLOCK_MONOTONIC;
  return spec;
}

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_DEADLINE_H_
