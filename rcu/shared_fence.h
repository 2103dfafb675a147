// One heavy fence for all threads that want one at the same time.
//
// A caller's fence orders what it did before (an unlink, by a plain store) before its
// load of started_. If that load misses the store by the issuer of call n, then the
// caller's fence precedes the issuer's, which precedes the barriers that the call makes
// other threads execute: so every call numbered above what was loaded serves the caller.
// rcu/model/ has the model of it.
#ifndef RCUKV_RCU_SHARED_FENCE_H_
#define RCUKV_RCU_SHARED_FENCE_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <new>

#include "rcu/backoff.h"
#include "rcu/fence.h"
#include "rcu/mutant.h"
#include "rcu/tsan.h"

namespace rcu {

// Thread safety: Run may be called by any thread.
class SharedFence {
 public:
  // Returns when a call of an `issue` that began after this call did has returned: one of
  // another thread, or its own. Every `issue` of one object must do the same.
  template <class Issue>
  void Run(Issue&& issue) {
    if constexpr (!Mutated(Mutant::kSharedFenceCallerUnfenced)) FullFence();
    // [F1] relaxed: ordered by the fences here and below; partner [F2].
    const uint64_t need = started_.load(std::memory_order_relaxed) +
                          (Mutated(Mutant::kSharedFenceNeedsStarted) ? 0 : 1);
    const std::unique_lock<std::mutex> lock = Lock();
    if (completed_ >= need) return;
    const uint64_t mine = completed_ + 1;
    // [F2] relaxed: followed by a full fence; partner [F1].
    if constexpr (!Mutated(Mutant::kSharedFenceStartedLate)) {
      started_.store(mine, std::memory_order_relaxed);
    }
    // A fence of the caller on each side: the kernel executes none where the process has
    // one thread, or one CPU is online.
    if constexpr (!Mutated(Mutant::kSharedFenceIssuerUnfenced)) FullFence();
    issue();
    if constexpr (!Mutated(Mutant::kSharedFenceUnfencedAfter)) FullFence();
    if constexpr (Mutated(Mutant::kSharedFenceStartedLate)) {
      started_.store(mine, std::memory_order_relaxed);
    }
    completed_ = mine;
  }

  // In the only thread of a child process: whoever held the mutex is not there.
  void AfterForkInChild() {
    if constexpr (!Mutated(Mutant::kForkKeepsFence)) new (&mutex_) std::mutex;
    // relaxed: there is no other thread.
    completed_ = started_.load(std::memory_order_relaxed);
  }

 private:
  std::unique_lock<std::mutex> Lock() {
#if RCUKV_RCU_TSAN
    // ThreadSanitizer puts signals off while a thread waits for a mutex, and whoever
    // holds this one may wait for the thread's handler: flavor signal.
    std::unique_lock<std::mutex> lock(mutex_, std::defer_lock);
    for (Backoff backoff; !lock.try_lock(); backoff.Pause()) {
    }
    return lock;
#else
    return std::unique_lock<std::mutex>(mutex_);
#endif
  }

  std::atomic<uint64_t> started_{0};
  std::mutex mutex_;
  uint64_t completed_ = 0;  // guarded by mutex_
};

}  // namespace rcu

#endif  // RCUKV_RCU_SHARED_FENCE_H_
