#include "rcu/reclaimer.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <thread>
#include <utility>

#include "rcu/clock.h"
#include "rcu/mutant.h"
#include "rcu/no_cancellation.h"
#include "rcu/retire_queue.h"
#include "rcu/signals_of_others.h"

namespace rcu {
namespace {

constexpr uint64_t kTryAgainNs = 100'000'000;

// The reclaimer that the calling thread is, if it is one.
thread_local const Reclaimer* this_thread_is = nullptr;

// [Q4] acquire; pairs with [Q3]: a queue that is found is found made.
RetireQueue* QueueOf(const ThreadRecord& record) {
  return record.retired.load(Order<Mutant::kQueueLoadRelaxed>(std::memory_order_acquire));
}

}  // namespace

void Reclaimer::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  // Where there is no thread to be had, idle_ stays true, and the next Retire tries.
  if (!TryStart()) return;
  woken_ = true;
  work_.notify_one();
}

void Reclaimer::Barrier() {
  if (this_thread_is == this || RetireQueue::ThisThreadReclaims()) {
    fprintf(stderr,
            "rcu: Barrier called by a reclaim function: it would wait for itself\n");
    abort();
  }
  const NoCancellation no_cancellation;
  std::unique_lock<std::mutex> lock(mutex_);
  Start(lock);
  // The pass after the running one notes its marks after this thread held the mutex: so
  // it covers everything that was queued before.
  const uint64_t need =
      passes_started_ + (Mutated(Mutant::kBarrierTakesRunningPass) ? 0 : 1);
  urgent_ = true;
  awaited_ = true;
  work_.notify_one();
  progress_.wait(lock, [&] { return passes_completed_ >= need; });
}

uint64_t Reclaimer::PressingBytes() const {
  // relaxed: a setting.
  const uint64_t half = limit_bytes_.load(std::memory_order_relaxed) / 2;
  // An early pass is expedited, which is what mode adaptive is sparing with.
  if (grace_periods_.mode() == MembarrierMode::kAdaptive) return half;
  return std::min(half, kCachedBytes);
}

void Reclaimer::RelieveBacklog(bool may_wait) {
  if (BacklogBytes() <= PressingBytes()) return;

  const NoCancellation no_cancellation;
  std::unique_lock<std::mutex> lock(mutex_);
  if (this_thread_is == this || RetireQueue::ThisThreadReclaims()) may_wait = false;
  urgent_ = true;
  if (may_wait) {
    Start(lock);
  } else if (!TryStart()) {
    return;
  }
  work_.notify_one();
  if (!may_wait) return;
  while (IsPastLimit()) {
    // The running pass may end too soon to cover the newest objects; the next does not.
    const uint64_t need = passes_completed_ + 1;
    urgent_ = true;
    awaited_ = true;
    work_.notify_one();
    progress_.wait(lock, [&] { return passes_completed_ >= need || !IsPastLimit(); });
  }
}

void Reclaimer::StartPass() {
  std::lock_guard<std::mutex> lock(mutex_);
  urgent_ = true;
  // Where there is no thread to be had, whoever starts one next finds the wish.
  if (TryStart()) work_.notify_one();
}

bool Reclaimer::IsPastLimit() const {
  // relaxed: a setting.
  return BacklogBytes() > limit_bytes_.load(std::memory_order_relaxed);
}

void Reclaimer::SetLimit(size_t limit_bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  // relaxed: a setting. Those who wait look at it when the pass that they wait for is
  // done, which their being there makes urgent.
  limit_bytes_.store(std::max<size_t>(limit_bytes, 1), std::memory_order_relaxed);
}

void Reclaimer::AddTo(DomainStats& stats) const {
  registry_.ForEach([&stats](const ThreadRecord& record) {
    if (const RetireQueue* queue = QueueOf(record)) {
      stats.backlog_objects += queue->Objects();
      stats.backlog_bytes += queue->Bytes();
    }
  });
  stats.backlog_limit_bytes = limit_bytes_.load(std::memory_order_relaxed);
}

uint64_t Reclaimer::BacklogBytes() const {
  uint64_t bytes = 0;
  registry_.ForEach([&bytes](const ThreadRecord& record) {
    if (const RetireQueue* queue = QueueOf(record)) bytes += queue->Bytes();
  });
  return bytes;
}

bool Reclaimer::AllEmpty() const {
  bool empty = true;
  registry_.ForEach([&empty](const ThreadRecord& record) {
    const RetireQueue* queue = QueueOf(record);
    if (queue != nullptr && !queue->Empty()) empty = false;
  });
  return empty;
}

bool Reclaimer::TryStart() {
  if (started_) return true;
  const uint64_t now_ns = NowNs();
  if (now_ns < next_try_ns_) return false;
  // Signals are the program's: this thread handles none but those that it causes itself.
  const sigset_t blocked = SignalsOfOthers();
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  try {
    std::thread([this] { Run(); }).detach();
    started_ = true;
  } catch (const std::exception& error) {
    next_try_ns_ = now_ns + kTryAgainNs;
    ReportNoThread(error.what(), now_ns);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started_;
}

// At longer and longer intervals.
void Reclaimer::ReportNoThread(const char* why, uint64_t now_ns) {
  if (now_ns < next_report_ns_) return;
  fprintf(stderr, "rcu: no thread to reclaim memory with: %s; trying again\n", why);
  report_pause_ns_ *= 2;
  next_report_ns_ = now_ns + report_pause_ns_;
}

void Reclaimer::Start(std::unique_lock<std::mutex>& lock) {
  while (!TryStart()) {
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    lock.lock();
  }
}

void Reclaimer::Run() {
  this_thread_is = this;
  pthread_setname_np(pthread_self(), "rcu-reclaim");
  // relaxed: a push that still sees true wakes us once too often.
  idle_.store(false, std::memory_order_relaxed);
  for (;;) {
    WaitForWork();
    RunPass();
  }
}

void Reclaimer::WaitForWork() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (work_.wait_for(lock, kBatchDelay, [this] { return urgent_; })) return;
  if (!AllEmpty()) return;

  // Nothing came for a whole delay: sleep until somebody queues something.
  // [I1] store -> load with the heavy fence; partner [I2] in Domain::Retire:
  //   the push before the fence's barrier: AllEmpty() below sees it;
  //   after it: the load of idle_ that follows the push sees true, and wakes us.
  // relaxed, as the fences order it. Not under the mutex: the fence may take long.
  woken_ = false;
  lock.unlock();
  idle_.store(true, std::memory_order_relaxed);
  bool empty = Mutated(Mutant::kReclaimerLooksFirst) && AllEmpty();
  if constexpr (!Mutated(Mutant::kReclaimerSleepsUnfenced)) {
    grace_periods_.Fence(Urgency::kBackground);
  }
  if constexpr (!Mutated(Mutant::kReclaimerLooksFirst)) empty = AllEmpty();
  lock.lock();
  if (empty) work_.wait(lock, [this] { return woken_ || urgent_; });
  // relaxed: a push that still sees true wakes us once too often.
  idle_.store(false, std::memory_order_relaxed);
  // Woken by the first of what may be many: give the others time to join.
  work_.wait_for(lock, kBatchDelay, [this] { return urgent_; });
}

void Reclaimer::RunPass() {
  bool urgent;
  bool awaited;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ++passes_started_;
    urgent = std::exchange(urgent_, false);
    awaited = std::exchange(awaited_, false);
  }
  if constexpr (!Mutated(Mutant::kMarksLate)) MarkAll();
  if (urgent) {
    grace_periods_.Synchronize();
  } else {
    grace_periods_.SynchronizeInBackground();
  }
  if constexpr (Mutated(Mutant::kMarksLate)) MarkAll();
  while (ReclaimSlices(/*leave_bags=*/!awaited)) {
    // Whoever has found no room checks and sleeps with the mutex held: so it has either
    // seen what this slice has freed, or is woken.
    { std::lock_guard<std::mutex> lock(mutex_); }
    progress_.notify_all();
  }
  std::lock_guard<std::mutex> lock(mutex_);
  ++passes_completed_;
  progress_.notify_all();
}

// Notes what the pass reclaims: what is queued now, as far as that can be seen.
void Reclaimer::MarkAll() {
  const auto now = std::chrono::steady_clock::now();
  const bool leave_newest = now - left_newest_ >= kBatchDelay;
  if (leave_newest) left_newest_ = now;
  registry_.ForEach([leave_newest](ThreadRecord& record) {
    RetireQueue* queue = QueueOf(record);
    if (queue == nullptr) return;
    if (leave_newest) queue->LeaveNewest();
    queue->Mark();
  });
}

// A slice of each thread's. Returns whether there is more.
bool Reclaimer::ReclaimSlices(bool leave_bags) {
  bool more = false;
  registry_.ForEach([&more, leave_bags](ThreadRecord& record) {
    RetireQueue* queue = QueueOf(record);
    if (queue == nullptr) return;
    if (queue->ReclaimSlice(kSliceObjects, leave_bags)) more = true;
  });
  return more;
}

void Reclaimer::AfterForkInChild() {
  // Whoever held or waited for these is not there.
  new (&mutex_) std::mutex;
  new (&work_) std::condition_variable;
  new (&progress_) std::condition_variable;
  urgent_ = false;
  awaited_ = false;
  woken_ = false;
  // A reclaim function that forks goes on in the child as the reclaimer, in its pass.
  if constexpr (Mutated(Mutant::kForkKeepsReclaimer)) return;
  started_ = this_thread_is == this;
  passes_completed_ = started_ ? passes_started_ - 1 : passes_started_;
  // relaxed: there is no other thread. Without a reclaimer the next Retire starts one.
  idle_.store(!started_, std::memory_order_relaxed);
}

}  // namespace rcu
