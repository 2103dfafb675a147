// What the threads of a soak have done so far, and whether they are to go on.
//
// Thread safety: any thread at any time.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_TALLY_H_
#define RCUKV_LOADTEST_SOAK_SOAK_TALLY_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "absl/status/status.h"

namespace rcukv::loadtest {

struct SoakCounts {
  // Keys that were looked up and compared, by Get and by BatchGet.
  uint64_t gets = 0;
  uint64_t batched_gets = 0;
  // Puts and Deletes that were answered.
  uint64_t writes = 0;
  // Answers that no write can have led to.
  uint64_t wrong = 0;
};

class SoakTally {
 public:
  void AddGets(uint64_t count) { Add(gets_, count); }
  void AddBatchedGets(uint64_t count) { Add(batched_gets_, count); }
  void AddWrites(uint64_t count) { Add(writes_, count); }

  // Counts it as wrong where it is an error.
  void Check(const absl::Status& answer) {
    if (answer.ok()) return;
    Add(wrong_, 1);
    const std::lock_guard lock(mutex_);
    if (first_wrong_.empty()) first_wrong_ = std::string(answer.message());
  }

  // A call failed: nobody is to go on.
  void Fail(const absl::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      failure_.Update(status);
    }
    Stop();
  }

  // relaxed: nothing is published through it.
  void Stop() { stopping_.store(true, std::memory_order_relaxed); }
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

  SoakCounts counts() const {
    // relaxed: figures, each of its own.
    const auto load = [](const std::atomic<uint64_t>& count) {
      return count.load(std::memory_order_relaxed);
    };
    return {.gets = load(gets_),
            .batched_gets = load(batched_gets_),
            .writes = load(writes_),
            .wrong = load(wrong_)};
  }

  // Of the first call that failed.
  absl::Status failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

  // The first wrong answer; empty: there was none.
  std::string first_wrong() const {
    const std::lock_guard lock(mutex_);
    return first_wrong_;
  }

 private:
  static void Add(std::atomic<uint64_t>& count, uint64_t more) {
    // relaxed: a figure.
    count.fetch_add(more, std::memory_order_relaxed);
  }

  // Counted up by different threads.
  alignas(64) std::atomic<uint64_t> gets_{0};
  alignas(64) std::atomic<uint64_t> batched_gets_{0};
  alignas(64) std::atomic<uint64_t> writes_{0};
  alignas(64) std::atomic<uint64_t> wrong_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  absl::Status failure_;
  std::string first_wrong_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_TALLY_H_
