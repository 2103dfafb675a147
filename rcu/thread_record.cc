#include "rcu/thread_record.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <new>

#include "rcu/fence.h"
#include "rcu/mutant.h"

namespace rcu {
namespace {

void SetOwner(ThreadRecord* record) {
  // relaxed: for reports.
  record->tid.store(static_cast<pid_t>(syscall(SYS_gettid)), std::memory_order_relaxed);
}

}  // namespace

ThreadRecord* Registry::Acquire() {
  std::lock_guard<std::mutex> lock(mutex_);
  ++owners_;
  if (free_ != nullptr) {
    ThreadRecord* record = free_;
    free_ = record->next_free;
    record->next_free = nullptr;
    SetOwner(record);
    return record;
  }
  ThreadRecord* record = NewRecord();
  SetOwner(record);
  // relaxed: head_ is stored under the mutex alone.
  record->next = head_.load(std::memory_order_relaxed);
  // [L1] release; pairs with [L2]. Before the owner's first announcement [R1]: a grace
  // period whose heavy fence the announcement precedes finds the record.
  head_.store(record, Order<Mutant::kRecordStoreRelaxed>(std::memory_order_release));
  return record;
}

ThreadRecord* Registry::NewRecord() {
  if (slab_used_ == kSlabRecords) {
    slab_ = new ThreadRecord[kSlabRecords];
    CompilerBarrier();  // In this order, wherever a fork cuts it off.
    slab_used_ = 0;
  }
  return &slab_[slab_used_++];
}

void Registry::Release(ThreadRecord* record) {
  // relaxed: for reports.
  record->tid.store(0, std::memory_order_relaxed);
  std::lock_guard<std::mutex> lock(mutex_);
  --owners_;
  record->next_free = free_;
  free_ = record;
}

size_t Registry::Owners() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return owners_;
}

void Registry::AfterForkInChild(ThreadRecord* mine) {
  new (&mutex_) std::mutex;  // Whoever held it is not there.
  free_ = nullptr;
  owners_ = mine == nullptr ? 0 : 1;
  ForEach([this, mine](ThreadRecord& record) {
    // relaxed, here and below: there is no other thread.
    if (RetireQueue* queue = record.retired.load(std::memory_order_relaxed))
      queue->AfterForkInChild();
    if (&record == mine) {
      SetOwner(&record);
      return;
    }
    if constexpr (!Mutated(Mutant::kForkKeepsRecords)) {
      record.announced.store(ThreadRecord::kIdle, std::memory_order_relaxed);
    }
    record.tid.store(0, std::memory_order_relaxed);
    record.depth = 0;
    record.owes_wait = false;
    record.next_free = free_;
    free_ = &record;
  });
}

}  // namespace rcu
