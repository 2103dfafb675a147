// Holds the lock bit of a chain of buckets. Writers only; readers never look at the bit.
#ifndef RCUKV_RCU_BUCKET_LOCK_H_
#define RCUKV_RCU_BUCKET_LOCK_H_

#include <sched.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>

#include "rcu/bucket.h"
#include "rcu/fence.h"
#include "rcu/mutant.h"

namespace rcu {

class [[nodiscard]] BucketLock {
 public:
  // Waits for the writer that holds it, which is soon done: it waits for no other lock.
  explicit BucketLock(Bucket& first) : first_(&first) {
    for (int spins = 0; !TryLock(first); spins = (spins + 1) % kSpinsBeforeYield) {
      // The holder may have been taken off its CPU.
      spins == kSpinsBeforeYield - 1 ? (void)sched_yield() : SpinPause();
    }
  }
  // Does not wait; see owns().
  BucketLock(Bucket& first, std::try_to_lock_t)
      : first_(TryLock(first) ? &first : nullptr) {}
  BucketLock(BucketLock&& other) noexcept
      : first_(std::exchange(other.first_, nullptr)) {}
  BucketLock& operator=(BucketLock&&) = delete;

  ~BucketLock() {
    if (first_ == nullptr) return;
    // No read-modify-write: while the bit is set, nobody else stores the link.
    // relaxed: for that reason.
    const uint64_t link = first_->link.load(std::memory_order_relaxed);
    // [H8] release; pairs with [H7].
    first_->link.store(link & ~Bucket::kLocked,
                       Order<Mutant::kBucketUnlockRelaxed>(std::memory_order_release));
  }

  // Whether the lock is held.
  bool owns() const { return first_ != nullptr; }

  // The first bucket of the chain.
  Bucket& bucket() const { return *first_; }

  // Whether the chain's entries have left for the next array.
  bool forwarded() const {
    // relaxed: stored by holders of the lock alone.
    return (first_->link.load(std::memory_order_relaxed) & Bucket::kForwarded) != 0;
  }

 private:
  static constexpr int kSpinsBeforeYield = 100;

  static bool TryLock(Bucket& first) {
    // relaxed: [H7] below orders it.
    uint64_t link = first.link.load(std::memory_order_relaxed);
    // [H7] acquire; pairs with [H8]: what the last holder stored is seen.
    return (link & Bucket::kLocked) == 0 &&
           first.link.compare_exchange_weak(
               link, link | Bucket::kLocked,
               Order<Mutant::kBucketLockRelaxed>(std::memory_order_acquire),
               std::memory_order_relaxed);
  }

  Bucket* first_;
};

}  // namespace rcu

#endif  // RCUKV_RCU_BUCKET_LOCK_H_
