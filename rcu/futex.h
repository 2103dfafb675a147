// futex(2): sleep while a word has a value. For writers that wait for one another.
#ifndef RCUKV_RCU_FUTEX_H_
#define RCUKV_RCU_FUTEX_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "rcu/tsan.h"

namespace rcu {

// Returns when FutexWake was called after `word` changed from `expected`, at once if
// it has changed already, and now and then for no reason.
inline void FutexWait(const std::atomic<uint32_t>& word, uint32_t expected) {
  static_assert(sizeof(word) == sizeof(uint32_t));
  // ThreadSanitizer puts signals off while a thread is in a system call that it does not
  // know, and the one that we wait for may wait for this thread's handler: flavor signal.
  constexpr timespec kTsanPatience = {.tv_sec = 0, .tv_nsec = 1'000'000};
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected,
          RCUKV_RCU_TSAN ? &kTsanPatience : nullptr, nullptr, 0);
}

// Wakes one of those who sleep, the one that has slept for longest.
inline void FutexWake(const std::atomic<uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace rcu

#endif  // RCUKV_RCU_FUTEX_H_
