#include "rcu/thread_record.h"

namespace rcu {

ThreadRecord* Registry::Acquire() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (free_ != nullptr) {
    ThreadRecord* record = free_;
    free_ = record->next_free;
    record->next_free = nullptr;
    ++owners_;
    return record;
  }
  auto* record = new ThreadRecord;
  // relaxed: head_ is stored under the mutex alone.
  record->next = head_.load(std::memory_order_relaxed);
  // [L1] release; pairs with [L2]. Before the owner's first announcement [R1]: a grace
  // period whose heavy fence the announcement precedes finds the record.
  head_.store(record, std::memory_order_release);
  ++owners_;
  return record;
}

void Registry::Release(ThreadRecord* record) {
  std::lock_guard<std::mutex> lock(mutex_);
  --owners_;
  record->next_free = free_;
  free_ = record;
}

size_t Registry::Owners() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return owners_;
}

}  // namespace rcu
