// What went wrong so far, and whether a call failed, after which nobody goes on.
//
// Thread safety: any thread at any time.
#ifndef RCUKV_LOADTEST_WORKLOAD_TALLY_H_
#define RCUKV_LOADTEST_WORKLOAD_TALLY_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace rcukv::loadtest {

class Tally {
 public:
  // An answer that no write can have led to.
  void Wrong(const std::string& what) {
    // relaxed, all here: figures and a flag, each of its own.
    wrong_.fetch_add(1, std::memory_order_relaxed);
    absl::MutexLock lock(&mutex_);
    if (first_wrong_.empty()) first_wrong_ = what;
  }

  // Another caller wrote between the two halves of a read-modify-write.
  void Conflict() { conflicts_.fetch_add(1, std::memory_order_relaxed); }

  // An answer of which nothing can be said: the key's insert was not answered.
  void Unchecked() { unchecked_.fetch_add(1, std::memory_order_relaxed); }

  // A call failed: nobody is to go on.
  void Fail(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      failure_.Update(status);
    }
    failed_.store(true, std::memory_order_relaxed);
  }

  // The first call that failed, which is forgotten: others may go on. While nobody calls.
  absl::Status TakeFailure() {
    absl::MutexLock lock(&mutex_);
    failed_.store(false, std::memory_order_relaxed);
    return std::exchange(failure_, absl::OkStatus());
  }

  bool failed() const { return failed_.load(std::memory_order_relaxed); }

  uint64_t wrong() const { return wrong_.load(std::memory_order_relaxed); }
  uint64_t unchecked() const { return unchecked_.load(std::memory_order_relaxed); }
  uint64_t conflicts() const { return conflicts_.load(std::memory_order_relaxed); }

  // Of the first call that failed.
  absl::Status failure() const {
    absl::MutexLock lock(&mutex_);
    return failure_;
  }

  // Empty: there was none.
  std::string first_wrong() const {
    absl::MutexLock lock(&mutex_);
    return first_wrong_;
  }

 private:
  std::atomic<uint64_t> wrong_{0};
  std::atomic<uint64_t> conflicts_{0};
  std::atomic<uint64_t> unchecked_{0};
  std::atomic<bool> failed_{false};
  mutable absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  std::string first_wrong_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_TALLY_H_
