// User-space RCU: readers that never wait, writers that wait for readers.
//
//   using Rcu = rcu::MembDomain;
//
//   std::atomic<Config*> current;
//
//   int Timeout() {                       // any thread, as often as it likes
//     Rcu::ReadGuard guard;
//     return current.load(std::memory_order_acquire)->timeout_ms;
//   }
//
//   void Change(Config* next) {           // a writer
//     Config* old = current.exchange(next, std::memory_order_acq_rel);
//     Rcu::Retire(old);                   // freed when no reader can hold it any more
//   }
//
// A domain is a set of readers and the grace periods that wait for them. It is a type,
// not an object: all of its members are static, so that a reader finds its epoch and its
// thread's record at addresses that the linker knows. lock() is three loads, a branch and
// a store, unlock() two loads, a branch and a store; all but the load of the epoch are of
// memory of the thread's own. A further domain of the same flavor is a
// Domain<Flavor, SomeTag>; a shared library that hides its symbols has domains of its
// own.
//
// Guarantees
//   (a) An object that is unlinked and then passed to Retire, or freed after Synchronize
//       returned, is not reclaimed while a section that could reach it is open.
//   (b) What a reader did in a section that Synchronize waited for happens before its
//       return; a section that it did not wait for does not see what was unlinked before.
//   (c) Each retired object is reclaimed once, on the domain's own thread; not at all
//       where the program ends before: call Barrier before main returns if that matters.
//   (d) Readers never wait: lock and unlock run no loop and no system call. Only nested
//       sections, and a thread's first one, call a function.
//   (e) The backlog of retired bytes is bounded: past the limit Retire waits. Inside a
//       section, and in reclaim functions, it never does.
//
// Sections nest; each begins and ends on one thread. A thread must not call Synchronize
// or Barrier inside a section of the domain: the program is ended with a message, as the
// call could never return. Nor may it wait for them, or for Retire outside a section,
// while it holds what an open section or a reclaim function waits for, a mutex or a
// section of another domain: that is a deadlock.
//
// Thread safety: every member may be called by any thread at any time. lock and unlock
// may be used in signal handlers, but not before or during a thread's first section, nor
// while it ends.
//
// Errors: the lack of memory for a thread's record or a retire queue, or of a pthread
// key, ends the program; there is no way on that would be safe.
//
// Memory ordering: docs/MEMORY_MODEL.md; the labels are
//   [R1] a reader's announcement        [G1] the heavy fence     [L1] [L2] records
//   [R2] its end                        [G2] the scan            [P1] [P2] sharing
//   [Q1] [Q2] [Q3] [Q4] retire queues   [I1] [I2] the reclaimer's sleep
#ifndef RCUKV_RCU_DOMAIN_H_
#define RCUKV_RCU_DOMAIN_H_

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "rcu/domain_stats.h"
#include "rcu/flavor.h"
#include "rcu/grace_period.h"
#include "rcu/membarrier.h"
#include "rcu/reclaimer.h"
#include "rcu/thread_record.h"

namespace rcu {

struct DefaultTag {};

template <Flavor F, class Tag = DefaultTag>
class Domain {
 public:
  // ---- Readers

  // A read-side critical section, for as long as it lives.
  class [[nodiscard]] ReadGuard {
   public:
    ReadGuard() { lock(); }
    ~ReadGuard() { unlock(); }
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;
  };

  // What a writer holds while it walks a structure that other writers may change.
  using WriteGuard = ReadGuard;

  // Begin and end a section; as std::scoped_lock wants them. The thread is registered at
  // its first section and unregistered when it ends.
  static void lock() {
    ThreadRecord* self = self_;
    // relaxed: this thread's own store. A thread that has no record yet finds the shared
    // one, which is never idle: so one branch covers both rare cases.
    if (self->announced.load(std::memory_order_relaxed) != ThreadRecord::kIdle)
        [[unlikely]] {
      LockNestedOrFirst();
      return;
    }
    Announce(self);
  }

  static void unlock() {
    ThreadRecord* self = self_;
    if (self->depth != 0) [[unlikely]] {
      // The record of threads without one: this thread's section ended when it did.
      if (self != &unregistered_) --self->depth;
      return;
    }
    F::ReaderFence();
    // [R2] release; pairs with [G2]: the loads of the section happen before whatever the
    // writer does once it sees the thread idle.
    self->announced.store(ThreadRecord::kIdle, std::memory_order_release);
  }

  // Always succeeds.
  static bool try_lock() {
    lock();
    return true;
  }

  // Whether the calling thread is inside a section.
  static bool InSection() {
    const ThreadRecord* self = self_;
    // relaxed: this thread's own store.
    return self != &unregistered_ &&
           self->announced.load(std::memory_order_relaxed) != ThreadRecord::kIdle;
  }

  // ---- Writers

  // Waits for a grace period: until every section that was open at the call has ended.
  static void Synchronize() {
    RequireOutside("Synchronize");
    state().grace_periods.Synchronize();
  }

  // Calls reclaim(object) after a grace period, in the background. The object must be
  // unlinked. `bytes` counts against the backlog's limit; past it this waits for the
  // backlog to shrink, but never when called inside a section. `reclaim` runs on the
  // domain's thread; it may retire, and read, but not Synchronize or Barrier.
  static void Retire(void* object, void (*reclaim)(void*), size_t bytes) noexcept {
    RetireQueue* queue = OwnQueue();
    const bool check_backlog = queue->Push({object, reclaim, bytes});
    // [I2] store -> load with [I1]: the push before it, the load of idle_ after it.
    F::ReaderFence();
    // relaxed: ordered by the fence.
    if (idle_.value.load(std::memory_order_relaxed)) [[unlikely]]
      state().reclaimer.Wake();
    if (check_backlog) [[unlikely]] {
      state().reclaimer.RelieveBacklog(/*may_wait=*/!InSection());
    }
  }

  // The same with delete. Arrays and other allocators: see above.
  template <class T>
  static void Retire(T* object, size_t bytes = sizeof(T)) noexcept {
    using Mutable = std::remove_const_t<T>;
    Retire(
        const_cast<Mutable*>(object),
        [](void* retired) { delete static_cast<Mutable*>(retired); }, bytes);
  }

  // Waits until everything that was retired before the call, by any thread, is
  // reclaimed.
  static void Barrier() {
    RequireOutside("Barrier");
    state().reclaimer.Barrier();
  }

  // ---- Settings and figures

  // "mb", "memb".
  static constexpr std::string_view FlavorName() { return F::kName; }

  // Makes the process ready for this flavor; best called before there are threads.
  // FAILED_PRECONDITION where the kernel refuses what the flavor needs: choose Mb then.
  static absl::Status Prepare() {
    return F::kUsesMembarrier ? PrepareMembarrier() : absl::OkStatus();
  }

  // kNone where the flavor uses no membarrier.
  static MembarrierMode membarrier_mode() { return state().grace_periods.mode(); }

  // Takes effect with the next grace period; readers do not notice. FAILED_PRECONDITION
  // where the flavor uses no membarrier, or the kernel refuses the command.
  static absl::Status SetMembarrierMode(MembarrierMode mode) {
    if (F::kUsesMembarrier != (mode != MembarrierMode::kNone)) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "flavor %s has no membarrier mode \"%s\"", F::kName, MembarrierModeName(mode)));
    }
    if (absl::Status status = CheckMembarrier(mode); !status.ok()) return status;
    state().grace_periods.SetMode(mode);
    return absl::OkStatus();
  }

  // Bytes that may be retired and not yet reclaimed before Retire waits. Default: 64 MiB.
  // Each thread may overshoot it by RetireQueue::kCheckBytes and one object, and by what
  // it retires inside sections.
  static void SetBacklogLimit(size_t limit_bytes) {
    state().reclaimer.SetLimit(limit_bytes);
  }

  // What the domain has done, and has to do.
  static DomainStats Stats() {
    DomainStats stats;
    state().grace_periods.AddTo(stats);
    state().reclaimer.AddTo(stats);
    stats.readers = state().registry.Owners();
    return stats;
  }

 private:
  // What only writers and a thread's first section need. Never destroyed: threads may
  // outlive main.
  struct State {
    State() {
      // A program that has not called Prepare gets the fast command all the same.
      if (F::kUsesMembarrier) (void)PrepareMembarrier();
      CheckPthread(pthread_key_create(&thread_exit, &Unregister));
    }

    Registry registry;
    GracePeriods grace_periods{
        registry, epoch_.value,
        F::kUsesMembarrier ? MembarrierMode::kExpedited : MembarrierMode::kNone};
    Reclaimer reclaimer{registry, grace_periods, idle_.value};
    // Its destructor runs after those of thread_local objects, which may still read.
    pthread_key_t thread_exit;
  };

  static State& state() {
    static State* const state = new State;
    return *state;
  }

  static void Announce(ThreadRecord* self) {
    // relaxed: an old epoch only makes grace periods wait for this section.
    const uint64_t epoch = epoch_.value.load(std::memory_order_relaxed);
    // [R1] release; pairs with [G2]: what an earlier section loaded happens before
    // whatever the writer does once it sees a later epoch announced.
    // store -> load with the heavy fence [G1]:
    //   this store before the fence's barrier: the scan [G2] sees it, and waits;
    //   after it: the loads of this section see what was unlinked.
    self->announced.store(epoch, std::memory_order_release);
    F::ReaderFence();
  }

  [[gnu::noinline, gnu::cold]] static void LockNestedOrFirst() noexcept {
    if (self_ != &unregistered_) {
      ++self_->depth;
      return;
    }
    Register();
    Announce(self_);
  }

  [[gnu::noinline, gnu::cold]] static void Register() noexcept {
    ThreadRecord* record = state().registry.Acquire();
    CheckPthread(pthread_setspecific(state().thread_exit, record));
    self_ = record;
  }

  // Without a key a thread's end would go unnoticed.
  static void CheckPthread(int error) {
    if (error == 0) return;
    fprintf(stderr, "rcu: cannot follow the ends of threads: %s\n", strerror(error));
    abort();
  }

  static void Unregister(void* pointer) {
    auto* record = static_cast<ThreadRecord*>(pointer);
    self_ = &unregistered_;
    // A thread that ends inside a section has ended the section. [R2] as in unlock.
    record->depth = 0;
    record->announced.store(ThreadRecord::kIdle, std::memory_order_release);
    state().registry.Release(record);
  }

  static RetireQueue* OwnQueue() {
    // relaxed: this thread's own store, or an earlier owner's, ordered by the registry.
    RetireQueue* queue = self_->retired.load(std::memory_order_relaxed);
    if (queue == nullptr) [[unlikely]]
      queue = MakeQueue();
    return queue;
  }

  [[gnu::noinline, gnu::cold]] static RetireQueue* MakeQueue() {
    if (self_ == &unregistered_) Register();
    // relaxed: as in OwnQueue; a record from an earlier thread may bring its queue.
    RetireQueue* queue = self_->retired.load(std::memory_order_relaxed);
    if (queue == nullptr) {
      queue = new RetireQueue;
      // [Q3] release; pairs with [Q4]: the reclaimer finds the queue made.
      self_->retired.store(queue, std::memory_order_release);
    }
    return queue;
  }

  static void RequireOutside(const char* what) {
    if (!InSection()) return;
    fprintf(stderr,
            "rcu: %s called inside a read-side critical section: it would wait for "
            "itself\n",
            what);
    abort();
  }

  // The record of every thread that has none: never idle and always nested, so that lock
  // and unlock leave the fast path. Never stored to.
  static inline constinit ThreadRecord unregistered_{/*announced_epoch=*/1, /*nested=*/1};

  // initial-exec: an offset from the thread pointer, also in a shared library, where the
  // default model would call a function.
  [[gnu::tls_model(
      "initial-exec")]] static inline constinit thread_local ThreadRecord* self_ =
      &unregistered_;

  // Alone in their cache lines: every reader loads the one, every Retire the other.
  struct alignas(64) Epoch {
    std::atomic<uint64_t> value{1};
  };
  struct alignas(64) Idle {
    std::atomic<bool> value{true};
  };
  static inline constinit Epoch epoch_;
  static inline constinit Idle idle_;
};

using MbDomain = Domain<Mb>;
using MembDomain = Domain<Memb>;

}  // namespace rcu

#endif  // RCUKV_RCU_DOMAIN_H_
