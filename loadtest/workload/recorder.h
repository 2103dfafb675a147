// Where callers put what they measure, and from where it is taken once a second.
//
// Thread safety: any thread at any time.
#ifndef RCUKV_LOADTEST_WORKLOAD_RECORDER_H_
#define RCUKV_LOADTEST_WORKLOAD_RECORDER_H_

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "loadtest/workload/measurement.h"

namespace rcukv::loadtest {

class Recorder {
 public:
  // `caller` is any number: callers with different ones seldom wait for one another.
  void Record(size_t caller, OperationKind kind, Latency latency) {
    Part& part = parts_[caller % kParts];
    absl::MutexLock lock(&part.mutex);
    part.measurement->Record(kind, latency);
  }

  // A call failed, so long after it should have been sent.
  void RecordUnanswered(size_t caller, uint64_t waited) {
    Part& part = parts_[caller % kParts];
    absl::MutexLock lock(&part.mutex);
    part.measurement->RecordUnanswered(waited);
  }

  // What was recorded since the last call.
  std::unique_ptr<Measurement> Take() {
    auto all = std::make_unique<Measurement>();
    for (Part& part : parts_) {
      // Made and merged without the lock: a caller is held up for an exchange only.
      auto measurement = std::make_unique<Measurement>();
      {
        absl::MutexLock lock(&part.mutex);
        part.measurement.swap(measurement);
      }
      all->Merge(*measurement);
    }
    return all;
  }

 private:
  static constexpr size_t kParts = 8;

  struct alignas(64) Part {
    absl::Mutex mutex;
    std::unique_ptr<Measurement> measurement ABSL_GUARDED_BY(mutex) =
        std::make_unique<Measurement>();
  };

  std::array<Part, kParts> parts_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RECORDER_H_
