// Internal to this library: futex(2), by which many threads sleep on one word, each until
// a deadline of its own, and one call wakes them all.
#ifndef RCUKV_CLIENTS_CPP_FUTEX_H_
#define RCUKV_CLIENTS_CPP_FUTEX_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>

#include "clients/cpp/deadline.h"

namespace rcukv::internal {

// Returns when `word` was changed from `expected` and FutexWake called, at once if it has
// changed already, at `deadline`, and now and then for no reason.
inline void FutexWaitUntil(const std::atomic<uint32_t>& word, uint32_t expected,
                           SteadyTime deadline) {
  static_assert(sizeof(word) == sizeof(uint32_t));
  const gpr_timespec when = ToGpr(deadline);
  const timespec until = {.tv_sec = when.tv_sec, .tv_nsec = when.tv_nsec};
  // By the kernel's monotonic clock, which is what nothing else is said means.
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
          deadline == kNever ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
}

// Wakes `count` of those who sleep.
inline void FutexWake(const std::atomic<uint32_t>& word, int count) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

inline void FutexWakeAll(const std::atomic<uint32_t>& word) { FutexWake(word, INT_MAX); }

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_FUTEX_H_
