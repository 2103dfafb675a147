// Sections of qsbr: they cost nothing. A thread that is online may be in one at any time;
// now and then it announces the epoch, and with it that it is in none.
#ifndef RCUKV_RCU_QUIESCENT_SECTIONS_H_
#define RCUKV_RCU_QUIESCENT_SECTIONS_H_

#include <atomic>
#include <cstdint>

#include "rcu/epoch_readers.h"
#include "rcu/lazy.h"
#include "rcu/membership.h"
#include "rcu/mutant.h"
#include "rcu/readers.h"
#include "rcu/thread_record.h"

namespace rcu::internal {

// What Domain says of lock, unlock, InSection, Online, Offline and Quiesce.
template <Flavor F, class Tag>
class QuiescentSections {
  using Members = Membership<F, Tag>;

 public:
  struct Entered {};
  static Entered Enter() { return {}; }
  static void Exit(Entered) {}
  static void lock() {}
  static void unlock() {}

  // As far as anyone can tell.
  static bool InSection() { return IsOnline(); }

  static void Online() {
    if (!Members::IsMember()) [[unlikely]]
      Members::Join();
    // relaxed: an old epoch only makes grace periods wait for this thread.
    Announce(Members::epoch().load(std::memory_order_relaxed));
  }

  static void Offline() {
    if (!Members::IsMember()) return;
    // [R2] release; pairs with [G2]: what the thread loaded while it was online happens
    // before whatever the writer does once it sees the thread offline.
    Members::Self()->announced.store(
        ThreadRecord::kIdle,
        Order<Mutant::kQsbrOfflineRelaxed>(std::memory_order_release));
  }

  static bool IsOnline() {
    // relaxed: this thread's own store.
    return Members::IsMember() && Members::Self()->announced.load(
                                      std::memory_order_relaxed) != ThreadRecord::kIdle;
  }

  // An epoch that the thread has announced already says nothing new: no grace period
  // waits for more.
  static void Quiesce() {
    // relaxed: an old epoch only makes grace periods wait for the next time; the other is
    // this thread's own store.
    const uint64_t epoch = Members::epoch().load(std::memory_order_relaxed);
    const uint64_t announced = Members::Self()->announced.load(std::memory_order_relaxed);
    if (epoch == announced || announced == ThreadRecord::kIdle) return;
    if (Members::IsMember()) Announce(epoch);
  }

  static bool MayWaitNow() { return !IsOnline(); }

  // Whoever waits for a grace period is offline meanwhile.
  class [[nodiscard]] Waiting {
   public:
    explicit Waiting(const char* /*what*/) : was_online_(IsOnline()) {
      if (was_online_) Offline();
    }
    ~Waiting() {
      if (was_online_) Online();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    const bool was_online_;
  };

  static Readers& readers() { return readers_.Get().readers; }

 private:
  struct OwnReaders {
    EpochReaders readers{Members::registry(), Members::epoch()};
  };
  static inline constinit Lazy<OwnReaders> readers_;

  static void Announce(uint64_t epoch) {
    // [R1] release; pairs with [G2]: what the thread loaded before happens before
    // whatever the writer does once it sees the new epoch. store -> load with the
    // writer's fence [G1]:
    //   this store before that fence: the scan [G2] sees it (or a later one);
    //   after it: the loads that follow see what was unlinked.
    Members::Self()->announced.store(
        epoch, Order<Mutant::kQsbrAnnounceRelaxed>(std::memory_order_release));
    F::ReaderFence();
  }
};

}  // namespace rcu::internal

#endif  // RCUKV_RCU_QUIESCENT_SECTIONS_H_
