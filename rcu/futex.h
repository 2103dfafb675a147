// futex(2): sleep while a word has a value. For writers that wait for one another.
#ifndef RCUKV_RCU_FUTEX_H_
#define RCUKV_RCU_FUTEX_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>

namespace rcu {

// Returns when FutexWakeAll was called after `word` changed from `expected`, at once if
// it has changed already, and now and then for no reason.
inline void FutexWait(const std::atomic<uint32_t>& word, uint32_t expected) {
  static_assert(sizeof(word) == sizeof(uint32_t));
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

inline void FutexWakeAll(const std::atomic<uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace rcu

#endif  // RCUKV_RCU_FUTEX_H_
