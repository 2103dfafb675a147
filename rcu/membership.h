// Which threads belong to a domain: each has a record, from its first section (or Retire)
// to its end.
#ifndef RCUKV_RCU_MEMBERSHIP_H_
#define RCUKV_RCU_MEMBERSHIP_H_

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "rcu/ending_thread.h"
#include "rcu/flavor.h"
#include "rcu/lazy.h"
#include "rcu/mutant.h"
#include "rcu/thread_record.h"

namespace rcu::internal {

// Without the key a thread's end would go unnoticed, and without the handler a fork.
inline void RequirePthread(int error) {
  if (error == 0) return;
  fprintf(stderr, "rcu: cannot follow the ends of threads: %s\n", strerror(error));
  abort();
}

// All members are static, so that a reader finds its record and the epoch at addresses
// that the linker knows.
//
// Thread safety: every member may be called by any thread.
template <Flavor F, class Tag>
class Membership {
 public:
  // The calling thread's record. One that all threads share, never idle and always
  // nested, where it has none: so that lock and unlock leave the fast path. Never stored
  // to.
  static ThreadRecord* Self() { return self_; }
  // Whether it is that one.
  static bool IsShared(const ThreadRecord* record) { return record == &no_member_; }
  static bool IsMember() { return !IsShared(self_); }

  // Makes the calling thread a member until it ends.
  [[gnu::noinline, gnu::cold]] static void Join() noexcept {
    ThreadRecord* record = registry().Acquire();
    RequirePthread(pthread_setspecific(shared().thread_exit, record));
    F::JoinThread();
    self_ = record;
  }

  static Registry& registry() { return shared().registry; }

  // What members announce; starts at 1, incremented by each grace period.
  static std::atomic<uint64_t>& epoch() { return epoch_.value; }

 private:
  struct Shared {
    Shared() {
      RequirePthread(pthread_key_create(&thread_exit, &Leave));
      RequirePthread(pthread_atfork(nullptr, nullptr, &AfterForkInChild));
    }
    ~Shared() { pthread_key_delete(thread_exit); }

    Registry registry;
    // Its destructor runs after those of thread_local objects, which may still read.
    pthread_key_t thread_exit;
  };

  static Shared& shared() { return shared_.Get(); }

  static void AfterForkInChild() {
    if (Shared* shared = shared_.IfMade()) {
      shared->registry.AfterForkInChild(IsMember() ? self_ : nullptr);
    }
  }

  static void Leave(void* pointer) {
    BlockSignalsOfEndingThread();
    auto* record = static_cast<ThreadRecord*>(pointer);
    self_ = &no_member_;
    // A thread that ends inside a section has ended the section.
    record->depth = 0;
    record->owes_wait = false;
    // [R2] release; pairs with [G2].
    record->announced.store(ThreadRecord::kIdle,
                            Order<Mutant::kLeaveRelaxed>(std::memory_order_release));
    F::LeaveThread();
    registry().Release(record);
  }

  static inline constinit Lazy<Shared> shared_;

  static inline constinit ThreadRecord no_member_{/*announced_epoch=*/1, /*nested=*/1};

  // initial-exec: an offset from the thread pointer, also in a shared library, where the
  // default model would call a function.
  [[gnu::tls_model(
      "initial-exec")]] static inline constinit thread_local ThreadRecord* self_ =
      &no_member_;

  // Alone in its cache line: every reader loads it.
  struct alignas(64) Epoch {
    std::atomic<uint64_t> value{Mutated(Mutant::kEpochFromZero) ? 0u : 1u};
  };
  static inline constinit Epoch epoch_;
};

}  // namespace rcu::internal

#endif  // RCUKV_RCU_MEMBERSHIP_H_
