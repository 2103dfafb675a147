#include "rcu/signal_fence.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

#include "rcu/backoff.h"
#include "rcu/clock.h"
#include "rcu/fence.h"
#include "rcu/lazy.h"
#include "rcu/mutant.h"
#include "rcu/shared_fence.h"
#include "rcu/tsan.h"

namespace rcu {
namespace {

constexpr uint64_t kPatienceNs = 1'000'000'000;

// One for each thread that has joined; never freed, handed to later threads.
struct alignas(64) Target {
  // The thread to interrupt; 0: none. Stored by the thread [T1], loaded by fences [T2].
  std::atomic<pid_t> tid{0};
  // The number of the fence that is wanted, and of the last one executed.
  std::atomic<uint64_t> asked{0};
  std::atomic<uint64_t> done{0};
  // Whom the running fence has interrupted; 0: nobody. The issuer's own.
  pid_t interrupted = 0;
  // How often the thread has joined. The thread's own.
  int joined = 0;
  // Set before the target is published, constant then.
  Target* next = nullptr;
  // Guarded by Process::mutex.
  Target* next_free = nullptr;
};

[[gnu::tls_model("initial-exec")]] constinit thread_local Target* self = nullptr;

pid_t ThisThread() { return static_cast<pid_t>(syscall(SYS_gettid)); }

struct Process {
  Process();

  static Process& Get() { return made.Get(); }

  // The signal; 0: there is none to be had.
  int signal_number = 0;

  std::atomic<Target*> head{nullptr};
  std::mutex mutex;
  Target* free = nullptr;  // guarded by mutex

  SharedFence shared;
  // Guarded by whoever issues a fence of `shared`.
  uint64_t round = 0;

  static Lazy<Process> made;
};

constinit Lazy<Process> Process::made;

// Async-signal-safe: touches nothing but this thread's target.
void ExecuteFence(int /*signal*/) {
  Target* target = self;
  if (target == nullptr) return;
  // [T3] acquire; pairs with [T4]. Before the fence, so that what is confirmed was asked
  // for before it.
  const uint64_t asked = target->asked.load(
      Order<Mutant::kSignalAskedLoadRelaxed>(std::memory_order_acquire));
  if constexpr (!Mutated(Mutant::kSignalHandlerUnfenced)) FullFence();
  // [T5] release; pairs with [T6]: what the thread did before the fence happens before
  // what the writer does next.
  target->done.store(asked,
                     Order<Mutant::kSignalDoneStoreRelaxed>(std::memory_order_release));
}

// Whether the kernel takes the signal: a filter may forbid to send any, and QEMU's
// emulation of Linux does not know the last few. Sends it to this thread, where the
// handler finds nothing to do. EAGAIN: the queue is full just now, which passes.
bool CanBeSent(int number) {
  // Handled before the call returns, and not left pending for whoever comes then.
  sigset_t signal;
  sigset_t before;
  sigemptyset(&signal);
  sigaddset(&signal, number);
  pthread_sigmask(SIG_UNBLOCK, &signal, &before);
  const bool sent = syscall(SYS_tgkill, getpid(), ThisThread(), number) == 0;
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return sent || error == EAGAIN;
}

// A signal that nobody has a handler for and that can be sent, with ours installed; the
// same one if it is there already. 0: none.
int InstallHandler() {
  for (int number = SIGRTMAX; number >= SIGRTMIN; --number) {
    struct sigaction before;
    if (sigaction(number, nullptr, &before) != 0) continue;
    const bool was_there = before.sa_handler == &ExecuteFence;
    if (!was_there) {
      if (before.sa_handler != SIG_DFL || (before.sa_flags & SA_SIGINFO) != 0) continue;
      struct sigaction ours = {};
      ours.sa_handler = &ExecuteFence;
      ours.sa_flags = SA_RESTART;
      sigfillset(&ours.sa_mask);
      if (sigaction(number, &ours, nullptr) != 0) continue;
    }
    if (CanBeSent(number)) return number;
    // What was there may be another thread's, which has found that it can be sent.
    if (!was_there) signal(number, SIG_DFL);
  }
  return 0;
}

// The other threads of the parent are not in the child.
void AfterForkInChild() {
  if (Process::made.IfMade() == nullptr) return;
  Process& process = Process::Get();
  new (&process.mutex) std::mutex;
  process.shared.AfterForkInChild();
  process.free = nullptr;
  // relaxed: there is no other thread.
  for (Target* target = process.head.load(std::memory_order_relaxed); target != nullptr;
       target = target->next) {
    target->interrupted = 0;
    if (target == self) {
      target->tid.store(ThisThread(), std::memory_order_relaxed);
      continue;
    }
    target->tid.store(0, std::memory_order_relaxed);
    target->joined = 0;
    target->next_free = process.free;
    process.free = target;
  }
}

Process::Process() : signal_number(InstallHandler()) {
  (void)pthread_atfork(nullptr, nullptr, &AfterForkInChild);
}

Target* AcquireTarget() {
  Process& process = Process::Get();
  std::lock_guard<std::mutex> lock(process.mutex);
  if (process.free != nullptr) {
    Target* target = process.free;
    process.free = target->next_free;
    return target;
  }
  auto* target = new Target;
  // relaxed: head is stored under the mutex alone.
  target->next = process.head.load(std::memory_order_relaxed);
  // [T7] release; pairs with [T8]: a target that is found is found initialized.
  process.head.store(target,
                     Order<Mutant::kSignalListStoreRelaxed>(std::memory_order_release));
  return target;
}

// Threads that leave all signals to others, such as our reclaimers, must take this one.
void UnblockSignal() {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, Process::Get().signal_number);
  pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
}

// [T2] acquire; pairs with [T1].
pid_t TidOf(const Target& target) {
  return target.tid.load(Order<Mutant::kSignalTidLoadRelaxed>(std::memory_order_acquire));
}

// Interrupts the target's thread, `tid`. Returns whether it is still there. While the
// kernel refuses, for a queue that is full or by a filter of system calls, it tries
// again: to go on would be to let a writer free what the thread holds.
bool Interrupt(const Target& target, pid_t tid) {
  const uint64_t begin_ns = NowNs();
  uint64_t report_ns = begin_ns + kPatienceNs;
  for (Backoff backoff;; backoff.Pause()) {
    if (syscall(SYS_tgkill, getpid(), tid, Process::Get().signal_number) == 0)
      return true;
    const int error = errno;
    if (error == ESRCH) return false;
    // [T2] acquire, as in WaitFor: it has left.
    if (TidOf(target) != tid) return false;
    if (!backoff.IsLong()) continue;
    if (const uint64_t now_ns = NowNs(); now_ns >= report_ns) {
      fprintf(stderr,
              "rcu: the kernel refuses to signal thread %d (%s): no grace period of "
              "flavor signal can end until it does\n",
              tid, strerror(error));
      report_ns = now_ns + (now_ns - begin_ns);
    }
  }
}

void WaitFor(const Target& target, uint64_t round) {
  const uint64_t begin_ns = NowNs();
  uint64_t report_ns = begin_ns + kPatienceNs;
  for (Backoff backoff;; backoff.Pause()) {
    // [T6] acquire; pairs with [T5].
    const uint64_t done = target.done.load(
        Order<Mutant::kSignalDoneLoadRelaxed>(std::memory_order_acquire));
    if (done >= round - (Mutated(Mutant::kSignalConfirmsEarly) ? 1 : 0)) return;
    // [T2] acquire: the thread has left, and so ended its sections; or a later one has
    // joined, whose fence in JoinSignalFence comes after ours.
    if (TidOf(target) != target.interrupted) return;
    if (!backoff.IsLong()) continue;
    // A thread that is gone without having left executes nothing any more.
    if (syscall(SYS_tgkill, getpid(), target.interrupted, 0) != 0 && errno == ESRCH) {
      return;
    }
    if (const uint64_t now_ns = NowNs(); now_ns >= report_ns) {
      fprintf(
          stderr,
          "rcu: thread %d has not handled signal %d for %.1f s: while it blocks it no "
          "grace period of flavor signal can end\n",
          target.interrupted, Process::Get().signal_number,
          static_cast<double>(now_ns - begin_ns) / 1e9);
      report_ns = now_ns + (now_ns - begin_ns);
    }
  }
}

// ThreadSanitizer delays signals, and forgets one that comes while it makes the place to
// keep them in, at the thread's first call of certain functions. This is one of those.
void MakeRoomForSignals() {
  if (RCUKV_RCU_TSAN) pthread_kill(pthread_self(), 0);
}

template <class Visitor>
void ForEachTarget(Visitor&& visit) {
  // [T8] acquire; pairs with [T7].
  for (Target* target = Process::Get().head.load(
           Order<Mutant::kSignalListLoadRelaxed>(std::memory_order_acquire));
       target != nullptr; target = target->next) {
    visit(*target);
  }
}

// All are interrupted before the first is waited for. SharedFence has a full fence before
// and after: a thread whose [T1] is missed by [T2] has its own fence after the one
// before.
void InterruptAll() {
  const uint64_t round = ++Process::Get().round;
  ForEachTarget([round](Target& target) {
    target.interrupted = 0;
    const pid_t tid = TidOf(target);
    if (tid == 0 || &target == self) return;
    // [T4] release; pairs with [T3].
    target.asked.store(
        round, Order<Mutant::kSignalAskedStoreRelaxed>(std::memory_order_release));
    if (Interrupt(target, tid)) target.interrupted = tid;
  });
  ForEachTarget([round](const Target& target) {
    if (target.interrupted != 0) WaitFor(target, round);
  });
}

}  // namespace

absl::Status PrepareSignalFence() {
  if (Process::Get().signal_number != 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "flavor signal finds no real-time signal that the program does not use itself and "
      "the kernel lets it send");
}

int FenceSignalNumber() { return Process::Get().signal_number; }

int FenceSignalOfThread() { return self == nullptr ? 0 : FenceSignalNumber(); }

void JoinSignalFence() {
  if (self == nullptr) {
    MakeRoomForSignals();
    UnblockSignal();
    Target* target = AcquireTarget();
    self = target;
    CompilerBarrier();  // The handler finds `self` from the first signal on.
    // [T1] release; pairs with [T2].
    target->tid.store(ThisThread(), std::memory_order_release);
    // Against the fence that precedes [T2]: either that one finds this thread, or this
    // thread sees whatever the writer did before.
    if constexpr (!Mutated(Mutant::kSignalJoinUnfenced)) FullFence();
  }
  ++self->joined;
}

void LeaveSignalFence() {
  if (--self->joined != 0) return;
  Target* target = self;
  // [T1] release; pairs with [T2]: what this thread read happens before the fence
  // returns.
  target->tid.store(0, Order<Mutant::kSignalTidStoreRelaxed>(std::memory_order_release));
  CompilerBarrier();  // A signal that is still on its way finds nothing to do.
  self = nullptr;
  Process& process = Process::Get();
  std::lock_guard<std::mutex> lock(process.mutex);
  target->next_free = process.free;
  process.free = target;
}

void SignalFence() {
  Process::Get().shared.Run([] { InterruptAll(); });
}

}  // namespace rcu
