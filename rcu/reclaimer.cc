#include "rcu/reclaimer.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "rcu/membarrier.h"
#include "rcu/retire_queue.h"

namespace rcu {
namespace {

// The reclaimer that the calling thread is, if it is one.
thread_local const Reclaimer* this_thread_is = nullptr;

// [Q4] acquire; pairs with [Q3]: a queue that is found is found made.
RetireQueue* QueueOf(const ThreadRecord& record) {
  return record.retired.load(std::memory_order_acquire);
}

}  // namespace

void Reclaimer::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  EnsureStarted();
  woken_ = true;
  work_.notify_one();
}

void Reclaimer::Barrier() {
  std::unique_lock<std::mutex> lock(mutex_);
  EnsureStarted();
  // The pass after the running one notes its marks after this thread held the mutex: so
  // it covers everything that was queued before.
  const uint64_t need = passes_started_ + 1;
  urgent_ = true;
  work_.notify_one();
  pass_done_.wait(lock, [&] { return passes_completed_ >= need; });
}

void Reclaimer::RelieveBacklog(bool may_wait) {
  // relaxed: a setting.
  const size_t limit_bytes = limit_bytes_.load(std::memory_order_relaxed);
  if (BacklogBytes() <= limit_bytes / 2) return;

  std::unique_lock<std::mutex> lock(mutex_);
  EnsureStarted();
  urgent_ = true;
  work_.notify_one();
  if (!may_wait || this_thread_is == this) return;
  while (BacklogBytes() > limit_bytes) {
    // The running pass may end too soon to cover the newest objects; the next does not.
    const uint64_t need = passes_completed_ + 1;
    urgent_ = true;
    work_.notify_one();
    pass_done_.wait(lock, [&] { return passes_completed_ >= need; });
  }
}

void Reclaimer::SetLimit(size_t limit_bytes) {
  // relaxed: a setting.
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

void Reclaimer::EnsureStarted() {
  if (started_) return;
  started_ = true;
  // Signals are the program's: none of them is to be handled by this thread.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([this] { Run(); }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
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
  HeavyFence(grace_periods_.mode());
  const bool empty = AllEmpty();
  lock.lock();
  if (empty) work_.wait(lock, [this] { return woken_ || urgent_; });
  // relaxed: a push that still sees true wakes us once too often.
  idle_.store(false, std::memory_order_relaxed);
  // Woken by the first of what may be many: give the others time to join.
  work_.wait_for(lock, kBatchDelay, [this] { return urgent_; });
}

void Reclaimer::RunPass() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ++passes_started_;
    urgent_ = false;
  }
  registry_.ForEach([](ThreadRecord& record) {
    if (const RetireQueue* queue = QueueOf(record)) {
      record.reclaim_until = queue->Pushed();
    }
  });
  grace_periods_.Synchronize();
  registry_.ForEach([](ThreadRecord& record) {
    if (RetireQueue* queue = QueueOf(record)) queue->PopUntil(record.reclaim_until);
  });
  std::lock_guard<std::mutex> lock(mutex_);
  ++passes_completed_;
  pass_done_.notify_all();
}

}  // namespace rcu
