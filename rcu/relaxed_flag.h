// A flag between threads that orders nothing: for tests of what does.
#ifndef RCUKV_RCU_RELAXED_FLAG_H_
#define RCUKV_RCU_RELAXED_FLAG_H_

#include <atomic>
#include <chrono>
#include <thread>

namespace rcu {

class RelaxedFlag {
 public:
  // relaxed, both: that is the point.
  void Set() { set_.store(true, std::memory_order_relaxed); }
  bool IsSet() const { return set_.load(std::memory_order_relaxed); }

  // Sleeps: ThreadSanitizer runs signal handlers when a thread does.
  void Await() const {
    while (!IsSet()) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }

 private:
  std::atomic<bool> set_{false};
};

}  // namespace rcu

#endif  // RCUKV_RCU_RELAXED_FLAG_H_
