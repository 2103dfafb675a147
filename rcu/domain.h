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
// thread's record at addresses that the linker knows. In flavor memb a ReadGuard is three
// loads, a branch and a store, and at its end a load, a branch and a store; all but the
// load of the epoch are of memory of the thread's own. A further domain of the same
// flavor is a Domain<Flavor, SomeTag>; a shared library that hides its symbols has
// domains of its own.
//
// Which flavor (flavor.h has what each executes):
//   MembDomain    readers pay next to nothing, writers microseconds: the one to choose
//   MbDomain      where membarrier is forbidden; and for comparisons
//   SignalDomain  the same speed without membarrier, if system calls may return EINTR
//   QsbrDomain    event loops: sections cost nothing, if each thread says Quiesce()
//   RseqDomain    very many threads: grace periods look at CPUs, not at threads
//
// examples/ has a program for each concept; rcu.h has the names of C++26.
//
// Guarantees
//   (a) An object that is unlinked and then passed to Retire, or freed after Synchronize
//       returned, is not reclaimed while a section that could reach it is open.
//   (b) What a reader did in a section that Synchronize waited for happens before its
//       return; a section that it did not wait for does not see what was unlinked before.
//   (c) Each retired object is reclaimed once, on the domain's own thread; where that is
//       nothing but giving memory back, maybe in a later Retire of the thread that has
//       retired it (ReclaimOn). Not at all where the program ends before, and beside the
//       destructors of statics where it is ending: call Barrier before main returns if
//       that matters.
//   (d) Readers never wait: lock and unlock run no loop and no system call. Only nested
//       sections, and a thread's first one, call a function.
//   (e) The backlog of retired bytes is bounded: past the limit Retire waits. Inside a
//       section, and in reclaim functions, it never does; a thread of qsbr that is online
//       waits at its next Quiesce or Offline instead.
//   (f) A child made by fork() may go on using the domain: sections that other threads of
//       the parent had open are over there, and what they had retired is reclaimed. (What
//       a reclaim function was doing in the parent at that moment stays half done there.)
//
// Sections nest; each begins and ends on one thread. A thread must not call Synchronize,
// Wait or Barrier inside a section of the domain: the program is ended with a message, as
// the call could never return. (In qsbr, where no one can tell, they are quiescent
// states: what the thread has read before is not protected after.) Nor may it wait for
// them, or for Retire outside a section, while it holds what an open section or a reclaim
// function waits for, a mutex or a section of another domain: that is a deadlock.
//
// Thread safety: every member may be called by any thread at any time.
//
// Signal handlers: lock and unlock are async-signal-safe in every flavor, whatever the
// interrupted thread was doing, in a section or on the way into or out of one; but not
// before or during the thread's first section. In qsbr the interrupted thread must be
// online. Nothing else may be called by a handler. From where an ending thread leaves the
// domain on (in all flavors but rseq, which has nothing to leave), after its thread_local
// objects are gone, it takes no signals: whoever waits for a thread to handle one must
// not wait for a thread that ends.
//
// Errors: the lack of memory for a thread's record or a retire queue, or of a pthread
// key, ends the program; there is no way on that would be safe. So does the first section
// of RseqDomain where Prepare() would have said that the system does not have it.
//
// Memory ordering: docs/MEMORY_MODEL.md; the labels are
//   [R1] a reader's announcement   [G1] the writer's fence   [L1] [L2] records
//   [R2] its end                   [G2] the scan             [I1] [I2] reclaimer's sleep
//   [P1]..[P5] sharing, waiting    [B1]..[B4] per-CPU counts
//   [Q1]..[Q10] retire queues      [T1]..[T8] the signal fence
#ifndef RCUKV_RCU_DOMAIN_H_
#define RCUKV_RCU_DOMAIN_H_

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "rcu/announced_sections.h"
#include "rcu/counted_sections.h"
#include "rcu/domain_stats.h"
#include "rcu/flavor.h"
#include "rcu/grace_period.h"
#include "rcu/holdout.h"
#include "rcu/lazy.h"
#include "rcu/membarrier.h"
#include "rcu/membership.h"
#include "rcu/mutant.h"
#include "rcu/no_cancellation.h"
#include "rcu/quiescent_sections.h"
#include "rcu/reclaim_on.h"
#include "rcu/reclaimer.h"
#include "rcu/thread_record.h"

namespace rcu {

struct DefaultTag {};

namespace internal {

template <Flavor F, class Tag, Sections kind = F::kSections>
struct SectionsOf;
template <Flavor F, class Tag>
struct SectionsOf<F, Tag, Sections::kAnnounced> {
  using Type = AnnouncedSections<F, Tag>;
};
template <Flavor F, class Tag>
struct SectionsOf<F, Tag, Sections::kQuiescent> {
  using Type = QuiescentSections<F, Tag>;
};
template <Flavor F, class Tag>
struct SectionsOf<F, Tag, Sections::kCounted> {
  using Type = CountedSections<F, Tag>;
};

// An operator delete of T's own, whatever its parameters, makes the name ambiguous.
struct WithDelete {
  static void operator delete(void*);
};
template <class T>
struct DeleteProbe : T, WithDelete {};

// Whether to delete a T is nothing but to give its memory back, as far as that is known:
// a final class or a union cannot be asked.
template <class T>
constexpr bool IsPlainMemory() {
  if constexpr (!std::is_trivially_destructible_v<T>) {
    return false;
  } else if constexpr (std::is_class_v<T> && !std::is_final_v<T>) {
    return requires(void* object) { DeleteProbe<T>::operator delete(object); };
  } else {
    return std::is_scalar_v<T>;
  }
}

}  // namespace internal

template <Flavor F, class Tag = DefaultTag>
class Domain {
  using Members = internal::Membership<F, Tag>;
  using Sections = typename internal::SectionsOf<F, Tag>::Type;

 public:
  // ---- Readers

  // A read-side critical section, for as long as it lives: the way to read that costs
  // least. Destroyed by the thread that made it, while the destructors of its
  // thread_local objects run at the latest, not in those of its pthread keys.
  class [[nodiscard]] ReadGuard {
   public:
    ReadGuard() : entered_(Sections::Enter()) {}
    ~ReadGuard() { Sections::Exit(entered_); }
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;

   private:
    [[no_unique_address]] const typename Sections::Entered entered_;
  };

  // Begin and end a section; as std::scoped_lock wants them. The thread is registered at
  // its first section and unregistered when it ends. An unlock ends a section that the
  // same thread began: one too many, or in another thread, may hold up every grace period
  // from then on. In qsbr they do nothing: the thread must be online, or what it reads is
  // not protected, which nothing can tell.
  static void lock() { Sections::lock(); }
  static void unlock() { Sections::unlock(); }

  // Always succeeds.
  static bool try_lock() {
    lock();
    return true;
  }

  // Whether the calling thread is inside a section; in qsbr: whether it is online, and so
  // may be.
  static bool InSection() { return Sections::InSection(); }

  // ---- Readers of qsbr. In the other flavors these do nothing, so that a program can be
  // written for all of them.

  // From now on grace periods wait for this thread: it may have sections. Idempotent; a
  // quiescent state.
  static void Online() { Sections::Online(); }

  // From now on they do not: before the thread waits for anything, or computes for long
  // without a section. Idempotent.
  static void Offline() {
    Sections::Offline();
    PayOwedWait();
  }

  // The thread is in no section at this moment: once in each pass of an event loop. A few
  // loads where no grace period has begun since the last time. May wait where the thread
  // has retired past the backlog's limit.
  static void Quiesce() {
    Sections::Quiesce();
    PayOwedWait();
  }

  // The thread is online for as long as it lives; nests.
  class [[nodiscard]] OnlineGuard {
   public:
    OnlineGuard() : was_online_(Sections::IsOnline()) {
      if (!was_online_) Online();
    }
    ~OnlineGuard() {
      if (!was_online_) Offline();
    }
    OnlineGuard(const OnlineGuard&) = delete;
    OnlineGuard& operator=(const OnlineGuard&) = delete;

   private:
    const bool was_online_;
  };

  // What a writer holds while it walks a structure that other writers may change.
  class [[nodiscard]] WriteGuard {
    OnlineGuard online_;
    ReadGuard section_;
  };

  // ---- Writers

  // Waits for a grace period: until every section that was open at the call has ended.
  static void Synchronize() { Wait(GetCookie(), "Synchronize"); }

  // Calls reclaim(object) after a grace period, in the background. The object must be
  // unlinked. `bytes` counts against the backlog's limit; past it this waits for the
  // backlog to shrink, but never when called inside a section. `object` may be null if
  // `reclaim` can cope with that. `reclaim` runs on the domain's thread: it may retire
  // and read. It must not throw or call Barrier, either of which ends the program; nor
  // wait for long, as everything else that is retired waits with it.
  //
  // kAnyThread lets it run in a later Retire of the calling thread as well (or of one
  // that came after it), which is cheaper: `./run bench rcu --filter=retire`. It must do
  // nothing but give memory back then: no section, no Retire, nothing that waits, no lock
  // that may be held across a Retire, no fork.
  [[gnu::always_inline]] static void Retire(
      void* object, void (*reclaim)(void*), size_t bytes,
      ReclaimOn on = ReclaimOn::kDomainThread) noexcept {
    const Retired retired = {object, reclaim, bytes, on == ReclaimOn::kAnyThread};
    // relaxed: this thread's own store, or an earlier owner's, ordered by the registry.
    RetireQueue* queue = Members::Self()->retired.load(std::memory_order_relaxed);
    if (queue == nullptr || queue->NeedsRoom()) [[unlikely]]
      return RetireWithoutRoom(object, reclaim, bytes, on);
    Push(queue, retired);
  }

  // The same with delete; null: nothing to do. Arrays and other allocators: see above.
  // kAnyThread unless T has a destructor or an operator delete of its own, or hides it (a
  // union, a final class).
  template <class T>
  static void Retire(T* object, size_t bytes = sizeof(T),
                     ReclaimOn on = internal::IsPlainMemory<std::remove_const_t<T>>()
                                        ? ReclaimOn::kAnyThread
                                        : ReclaimOn::kDomainThread) noexcept {
    using Mutable = std::remove_const_t<T>;
    Retire(
        const_cast<Mutable*>(object),
        [](void* retired) { delete static_cast<Mutable*>(retired); }, bytes, on);
  }

  // Waits until everything that was retired before the call, by any thread, is
  // reclaimed.
  static void Barrier() {
    typename Sections::Waiting waiting("Barrier");
    state().reclaimer.Barrier();
  }

  // ---- Grace periods that one need not wait for

  // A cookie for this moment: what is unlinked now may be reclaimed once Poll(cookie) is
  // true. It becomes so by a grace period that begins after this call for someone who
  // waits (Synchronize, Wait, Barrier, StartGracePeriod), and outside of mode adaptive by
  // those of background batches as well; it begins none.
  static Cookie GetCookie() { return state().grace_periods.GetCookie(); }

  // The same, and begins a grace period in the background.
  static Cookie StartGracePeriod() {
    const Cookie cookie = GetCookie();
    state().reclaimer.StartPass();
    return cookie;
  }

  // Whether the grace period of the cookie is over. One load.
  static bool Poll(Cookie cookie) { return state().grace_periods.Poll(cookie); }

  // Waits until it is; runs it if nobody does.
  static void Wait(Cookie cookie) { Wait(cookie, "Wait"); }

  // ---- Settings and figures

  // "mb", "memb", "signal", "qsbr", "rseq".
  static constexpr std::string_view FlavorName() { return F::kName; }

  // Makes the process ready for this flavor; best called before there are threads.
  // FAILED_PRECONDITION where the system refuses or lacks what the flavor needs: choose
  // another one then.
  static absl::Status Prepare() { return F::Prepare(); }

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

  // Bytes that may be retired and not yet reclaimed before Retire waits, with the room
  // that it takes to remember them (sizeof(Retired) each). Default: 64 MiB. Each thread
  // may overshoot it by RetireQueue::kBagBytes and one object, and by what it retires
  // inside sections.
  static void SetBacklogLimit(size_t limit_bytes) {
    state().reclaimer.SetLimit(limit_bytes);
  }

  // A grace period that waits for longer is counted and reported (holdout.h). Default:
  // 1 s.
  static void SetHoldoutLimit(std::chrono::nanoseconds limit) {
    state().grace_periods.holdouts().SetLimit(limit);
  }
  // Who is told; null: nobody. Default: a line on stderr.
  static void SetHoldoutHandler(HoldoutHandler handler) {
    state().grace_periods.holdouts().SetHandler(handler);
  }
  // The newest report, if there was one.
  static std::optional<Holdout> LastHoldout() {
    return state().grace_periods.holdouts().last();
  }

  // What the domain has done, and has to do.
  static DomainStats Stats() {
    DomainStats stats;
    state().grace_periods.AddTo(stats);
    state().reclaimer.AddTo(stats);
    stats.readers = Members::registry().Owners();
    return stats;
  }

 private:
  // What only writers need.
  struct State {
    State() {
      // A program that has not called Prepare gets what the flavor needs all the same.
      (void)Prepare();
      internal::RequirePthread(pthread_atfork(nullptr, nullptr, &AfterForkInChild));
    }

    GracePeriods grace_periods{
        F::kName, Sections::readers(), &F::WriterFence,
        F::kUsesMembarrier ? MembarrierMode::kExpedited : MembarrierMode::kNone};
    Reclaimer reclaimer{Members::registry(), grace_periods, idle_.value};
  };

  static State& state() { return state_.Get(); }

  static void AfterForkInChild() {
    State* state = state_.IfMade();
    if (state == nullptr) return;
    state->grace_periods.AfterForkInChild();
    state->reclaimer.AfterForkInChild();
  }

  static void Wait(Cookie cookie, const char* what) {
    typename Sections::Waiting waiting(what);
    state().grace_periods.Wait(cookie);
  }

  // Not gnu::cold, as what is rare is: it would be compiled for size, with the loop that
  // reclaims in it.
  [[gnu::noinline]] static void CloseBag(RetireQueue* queue) {
    const bool may_wait = Sections::MayWaitNow();
    queue->CloseBag(GetCookie());
    // Where no section is open just now this is cheaper than to have the reclaimer's
    // thread do it: that one would have to be woken, and would interrupt this one.
    if (!F::kWriterFenceWaits && may_wait && queue->IsTimeForGracePeriod()) {
      state().grace_periods.TrySynchronize();
    }
    queue->ReclaimBags([](Cookie cookie) { return Poll(cookie); });
    state().reclaimer.RelieveBacklog(may_wait);
    if (!may_wait) Members::Self()->owes_wait = true;
  }

  // A thread of qsbr that is in a quiescent state waits for what it has retired past the
  // limit.
  static void PayOwedWait() {
    if constexpr (F::kSections == rcu::Sections::kQuiescent) {
      if (Members::Self()->owes_wait) [[unlikely]]
        WaitForRoom();
    }
  }
  [[gnu::noinline, gnu::cold]] static void WaitForRoom() {
    Members::Self()->owes_wait = false;
    typename Sections::Waiting waiting("Quiesce");
    state().reclaimer.RelieveBacklog(/*may_wait=*/true);
  }

  // Calls nothing on the common path, nor saves anything for a call.
  [[gnu::always_inline]] static void Push(RetireQueue* queue, const Retired& retired) {
    const bool bag_is_full = queue->PushIntoRoom(retired);
    // [I2] store -> load with [I1]: the push before it, the load of idle_ after it.
    if constexpr (!Mutated(Mutant::kRetireUnfenced)) F::ReaderFence();
    // relaxed: ordered by the fence.
    const bool idle = idle_.value.load(std::memory_order_relaxed);
    if (idle || bag_is_full) [[unlikely]]
      AfterPush(queue, idle, bag_is_full);
  }

  // For the first object of each chunk.
  [[gnu::noinline]] static void RetireWithoutRoom(void* object, void (*reclaim)(void*),
                                                  size_t bytes, ReclaimOn on) noexcept {
    RetireQueue* queue = OwnQueue();
    if (queue->NeedsRoom()) queue->AddRoom();
    Push(queue, {object, reclaim, bytes, on == ReclaimOn::kAnyThread});
  }

  [[gnu::noinline]] static void AfterPush(RetireQueue* queue, bool idle,
                                          bool bag_is_full) noexcept {
    const NoCancellation no_cancellation;
    if (idle) state().reclaimer.Wake();
    if (bag_is_full) CloseBag(queue);
  }

  static RetireQueue* OwnQueue() {
    if (!Members::IsMember()) Members::Join();
    ThreadRecord* self = Members::Self();
    // relaxed: as in Retire; a record from an earlier thread may bring its queue.
    RetireQueue* queue = self->retired.load(std::memory_order_relaxed);
    if (queue == nullptr) {
      queue = new RetireQueue;
      // [Q3] release; pairs with [Q4]: the reclaimer finds the queue made.
      self->retired.store(queue,
                          Order<Mutant::kQueueStoreRelaxed>(std::memory_order_release));
    }
    return queue;
  }

  // Alone in its cache line: every Retire loads it.
  struct alignas(64) Idle {
    std::atomic<bool> value{true};
  };
  static inline constinit Idle idle_;
  static inline constinit Lazy<State> state_;
};

using MbDomain = Domain<Mb>;
using MembDomain = Domain<Memb>;
using SignalDomain = Domain<Signal>;
using QsbrDomain = Domain<Qsbr>;
using RseqDomain = Domain<Rseq>;

}  // namespace rcu

#endif  // RCUKV_RCU_DOMAIN_H_
