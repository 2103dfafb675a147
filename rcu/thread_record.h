// What a domain keeps for each of its threads.
//
// Records are never freed, only handed to later threads, so a grace period walks them
// without a lock and a thread that comes or goes never waits for one.
#ifndef RCUKV_RCU_THREAD_RECORD_H_
#define RCUKV_RCU_THREAD_RECORD_H_

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "rcu/mutant.h"
#include "rcu/retire_queue.h"

namespace rcu {

struct alignas(64) ThreadRecord {
  // The announced value of a thread that is in no read-side critical section (qsbr: that
  // is offline).
  static constexpr uint64_t kIdle = 0;

  ThreadRecord() = default;
  constexpr ThreadRecord(uint64_t announced_epoch, uint32_t nested)
      : announced(announced_epoch), depth(nested) {}

  // The epoch that the thread read when it entered its outermost section (qsbr: at its
  // newest quiescent state), or kIdle. Stored by the thread [R1] [R2], loaded by grace
  // periods [G2].
  std::atomic<uint64_t> announced{kIdle};
  // Sections entered inside the outermost one. The thread's own.
  uint32_t depth = 0;

  // What follows is off the reader's path, and seldom stored.

  // Guarded by the registry's mutex.
  ThreadRecord* next_free = nullptr;
  // Set before the record is published, constant then.
  ThreadRecord* next = nullptr;
  // Made by the first Retire of an owner, stays. Stored by the owner, loaded by all.
  std::atomic<RetireQueue*> retired{nullptr};
  // The thread, as the kernel numbers it; 0: nobody. For reports.
  std::atomic<pid_t> tid{0};
  // Whether the thread has retired past the backlog's limit while it could not wait, and
  // waits at its next quiescent state instead. The thread's own.
  bool owes_wait = false;
};

// The records of one domain.
//
// Thread safety: every method may be called by any thread.
class Registry {
 public:
  // A record for the calling thread, idle; from a thread that is gone, or a new one. It
  // is in the list before this returns, hence before its owner announces anything.
  ThreadRecord* Acquire();

  // Takes back a record that is idle. What is queued in it is still reclaimed.
  void Release(ThreadRecord* record);

  // Calls visit(ThreadRecord&) for each record there is, owned or not.
  template <class Visitor>
  void ForEach(Visitor&& visit) const {
    // [L2] acquire; pairs with [L1]: a record that is found is found initialized.
    for (ThreadRecord* record =
             head_.load(Order<Mutant::kRecordLoadRelaxed>(std::memory_order_acquire));
         record != nullptr; record = record->next) {
      visit(*record);
    }
  }

  // How many threads hold a record now.
  size_t Owners() const;

  // In the only thread of a child process, whose record is `mine` (null: it has none):
  // the records of all others are idle, and free.
  void AfterForkInChild(ThreadRecord* mine);

 private:
  // Records are made so many at a time, side by side: a grace period that walks a list of
  // neighbours finds the next one prefetched, and one from each thread's heap would put
  // them all into the same few sets of the cache.
  static constexpr size_t kSlabRecords = 64;

  // A record that nobody had before. With mutex_ held.
  ThreadRecord* NewRecord();

  std::atomic<ThreadRecord*> head_{nullptr};
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  ThreadRecord* free_ = nullptr;
  size_t owners_ = 0;
  ThreadRecord* slab_ = nullptr;
  size_t slab_used_ = kSlabRecords;
};

}  // namespace rcu

#endif  // RCUKV_RCU_THREAD_RECORD_H_
