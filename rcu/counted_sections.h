// Sections of rseq: counted when they begin and when they end, by the CPU that they begin
// and end on, in one of two phases. No thread has a record for it.
#ifndef RCUKV_RCU_COUNTED_SECTIONS_H_
#define RCUKV_RCU_COUNTED_SECTIONS_H_

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "rcu/lazy.h"
#include "rcu/membership.h"
#include "rcu/mutant.h"
#include "rcu/no_cancellation.h"
#include "rcu/per_cpu_counters.h"
#include "rcu/per_cpu_readers.h"
#include "rcu/readers.h"
#include "rcu/waiting.h"

namespace rcu::internal {

// What Domain says of lock, unlock, InSection, Online, Offline and Quiesce.
template <Flavor F, class Tag>
class CountedSections {
 public:
  struct Entered {};
  static Entered Enter() {
    lock();
    return {};
  }
  static void Exit(Entered) { unlock(); }

  static void lock() {
    if (section_ != kNone) [[unlikely]] {
      LockNestedOrFirst();
      return;
    }
    Begin();
  }

  static void unlock() {
    const uint32_t section = section_;
    // Nested; or below or above all: in no section, or never in one, where an unlock too
    // many must not be counted.
    if (section - kOne >= kOne) [[unlikely]] {
      if (section != kNever && section != kNone) section_ = section - kOne;
      return;
    }
    if constexpr (Mutated(Mutant::kEndCountsFirst)) {
      IncrementOnThisCpu(&counters_->ended[section & kPhase]);
      F::ReaderFence();
      section_ = kNone;
      return;
    }
    // Before the count: a signal handler that reads in between begins a section of its
    // own.
    section_ = kNone;
    F::ReaderFence();
    // [B2] release (the add is); pairs with [B3]: the loads of the section happen before
    // whatever the writer does once it has counted the end.
    IncrementOnThisCpu(&counters_->ended[section & kPhase]);
  }

  static bool InSection() { return section_ != kNone && section_ != kNever; }

  static void Online() {}
  static void Offline() {}
  static bool IsOnline() { return true; }
  static void Quiesce() {}
  static bool MayWaitNow() { return !InSection(); }

  using Waiting = WaitingOutside<CountedSections>;

  static Readers& readers() { return shared().readers; }

 private:
  // section_: the depth times kOne, and the phase of the outermost section.
  static constexpr uint32_t kPhase = 1;
  static constexpr uint32_t kOne = 2;
  static constexpr uint32_t kNone = 0;
  static constexpr uint32_t kNever = ~uint32_t{0};

  struct Shared {
    Shared() {
      if (absl::Status status = CheckPerCpuCounters(); !status.ok()) {
        fprintf(stderr, "rcu: %s\n", std::string(status.message()).c_str());
        abort();
      }
      RequirePthread(pthread_key_create(&thread_exit, &Leave));
      RequirePthread(pthread_atfork(nullptr, nullptr, &AfterForkInChild));
    }

    ~Shared() { pthread_key_delete(thread_exit); }

    PerCpuReaders readers{phase_.value};
    pthread_key_t thread_exit;
  };

  static Shared& shared() { return shared_.Get(); }

  static void Begin() {
    // relaxed: either phase is waited for.
    const uint32_t phase = phase_.value.load(std::memory_order_relaxed);
    if constexpr (Mutated(Mutant::kBeginMarksFirst)) {
      section_ = kOne | phase;
      F::ReaderFence();
      IncrementOnThisCpu(&counters_->begun[phase]);
      return;
    }
    // [B1] release (the add is).
    // store -> load with the writer's fence [G1]:
    //   this add before the fence's barrier: the sum [B4] has it, and waits for its end;
    //   after it: the loads of this section see what was unlinked.
    IncrementOnThisCpu(&counters_->begun[phase]);
    F::ReaderFence();
    // After the count: a signal handler that reads in between begins a section of its
    // own.
    section_ = kOne | phase;
  }

  [[gnu::noinline, gnu::cold]] static void LockNestedOrFirst() noexcept {
    if (section_ != kNever) {
      section_ += kOne;
      return;
    }
    const NoCancellation no_cancellation;  // The first of all reads a file.
    counters_ = shared().readers.counters();
    // So that a section that is open when the thread ends, ends.
    RequirePthread(pthread_setspecific(shared().thread_exit, &section_));
    Begin();
  }

  // The section of the only thread, if it is in one, is the only one there is.
  static void AfterForkInChild() {
    Shared* shared = shared_.IfMade();
    if (shared == nullptr) return;
    shared->readers.AfterForkInChild();
    if (InSection()) IncrementOnThisCpu(&counters_->begun[section_ & kPhase]);
  }

  static void Leave(void*) {
    if (InSection()) {
      section_ = kOne | (section_ & kPhase);
      unlock();
    }
    // Not kNever: a signal handler may read until the thread is gone, and is to do no
    // more than count.
  }

  [[gnu::tls_model(
      "initial-exec")]] static inline constinit thread_local uint32_t section_ = kNever;
  // Of the first CPU. The same for all threads; set before the first of them leaves
  // kNever, and thread-local so that nothing orders one thread's store before another's
  // load.
  [[gnu::tls_model(
      "initial-exec")]] static inline constinit thread_local SectionCounts* counters_ =
      nullptr;

  // Alone in its cache line: every reader loads it.
  struct alignas(64) Phase {
    std::atomic<uint32_t> value{0};
  };
  static inline constinit Phase phase_;
  static inline constinit Lazy<Shared> shared_;
};

}  // namespace rcu::internal

#endif  // RCUKV_RCU_COUNTED_SECTIONS_H_
