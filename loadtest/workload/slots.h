// How many calls may be under way at once.
//
// Thread safety: any thread at any time. A Release may be the last thing that happens to
// it: the destructor may follow as soon as it is known of.
#ifndef RCUKV_LOADTEST_WORKLOAD_SLOTS_H_
#define RCUKV_LOADTEST_WORKLOAD_SLOTS_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace rcukv::loadtest {

// std::mutex, as POSIX promises that it may be destroyed by whoever locked it last.
class Slots {
 public:
  // One or more.
  explicit Slots(size_t count) : count_(count), free_(count) {}

  // Takes one where one is free.
  bool TryTake() {
    std::lock_guard lock(mutex_);
    if (free_ == 0) return false;
    --free_;
    return true;
  }

  // The same, waiting for one; false: there was none within `patience`.
  bool TakeWithin(std::chrono::steady_clock::duration patience) {
    std::unique_lock lock(mutex_);
    if (!released_.wait_for(lock, patience, [this] { return free_ > 0; })) return false;
    --free_;
    return true;
  }

  void Release() {
    std::lock_guard lock(mutex_);
    ++free_;
    // With the lock: who waits may destroy this once it has it.
    released_.notify_all();
  }

  void AwaitAllFree() {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return free_ == count_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  const size_t count_;
  size_t free_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_SLOTS_H_
