// Sections of mb, memb and signal: a thread announces the epoch when it enters its
// outermost section, and that it is idle when it leaves it.
#ifndef RCUKV_RCU_ANNOUNCED_SECTIONS_H_
#define RCUKV_RCU_ANNOUNCED_SECTIONS_H_

#include <atomic>
#include <cstdint>

#include "rcu/epoch_readers.h"
#include "rcu/lazy.h"
#include "rcu/membership.h"
#include "rcu/mutant.h"
#include "rcu/readers.h"
#include "rcu/thread_record.h"
#include "rcu/waiting.h"

namespace rcu::internal {

// What Domain says of lock, unlock, InSection, Online, Offline and Quiesce.
template <Flavor F, class Tag>
class AnnouncedSections {
  using Members = Membership<F, Tag>;

 public:
  // What a guard keeps, in a register, so that Exit need not look for it again: the
  // thread's record.
  using Entered = ThreadRecord*;

  static Entered Enter() {
    ThreadRecord* self = Members::Self();
    // relaxed: this thread's own store. A thread that has no record yet finds the shared
    // one, which is never idle: so one branch covers both rare cases.
    if (self->announced.load(std::memory_order_relaxed) != ThreadRecord::kIdle)
        [[unlikely]]
      return EnterNestedOrFirst();
    Announce(self);
    return self;
  }

  static void Exit(Entered self) {
    if (self->depth != 0) [[unlikely]] {
      // The record of threads without one: this thread's section ended when it did.
      if (!Members::IsShared(self)) --self->depth;
      if constexpr (!Mutated(Mutant::kNestedUnlockIdles)) return;
    }
    // [R2] release; pairs with [G2]: the loads of the section happen before whatever the
    // writer does once it sees the thread idle.
    self->announced.store(ThreadRecord::kIdle,
                          Order<Mutant::kIdleRelaxed>(std::memory_order_release));
    // Not before the store: a thread that loses its CPU while the fence takes its time
    // would hold up every writer until it is back.
    F::ReaderFence();
  }

  static void lock() { Enter(); }
  static void unlock() { Exit(Members::Self()); }

  static bool InSection() {
    // relaxed: this thread's own store.
    return Members::IsMember() && Members::Self()->announced.load(
                                      std::memory_order_relaxed) != ThreadRecord::kIdle;
  }

  static void Online() {}
  static void Offline() {}
  static bool IsOnline() { return true; }
  static void Quiesce() {}
  static bool MayWaitNow() { return !InSection(); }

  using Waiting = WaitingOutside<AnnouncedSections>;

  static Readers& readers() { return readers_.Get().readers; }

 private:
  struct OwnReaders {
    EpochReaders readers{Members::registry(), Members::epoch()};
  };
  static inline constinit Lazy<OwnReaders> readers_;

  static void Announce(ThreadRecord* self) {
    // relaxed: an old epoch only makes grace periods wait for this section.
    const uint64_t epoch = Members::epoch().load(std::memory_order_relaxed);
    // [R1] release; pairs with [G2]: what an earlier section loaded happens before
    // whatever the writer does once it sees a later epoch announced.
    // store -> load with the writer's fence [G1]:
    //   this store before the fence's barrier: the scan [G2] sees it, and waits;
    //   after it: the loads of this section see what was unlinked.
    self->announced.store(epoch,
                          Order<Mutant::kAnnounceRelaxed>(std::memory_order_release));
    F::ReaderFence();
  }

  [[gnu::noinline, gnu::cold]] static Entered EnterNestedOrFirst() noexcept {
    if (Members::IsMember()) {
      ++Members::Self()->depth;
      if constexpr (Mutated(Mutant::kNestedAnnounces)) Announce(Members::Self());
    } else {
      Members::Join();
      Announce(Members::Self());
    }
    return Members::Self();
  }
};

}  // namespace rcu::internal

#endif  // RCUKV_RCU_ANNOUNCED_SECTIONS_H_
