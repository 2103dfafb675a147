// What was measured of the operations of some time: counts and latencies, of each kind.
//
// Thread safety: one thread at a time.
#ifndef RCUKV_LOADTEST_WORKLOAD_MEASUREMENT_H_
#define RCUKV_LOADTEST_WORKLOAD_MEASUREMENT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "loadtest/latency_histogram.h"
#include "loadtest/workload/workload.h"

namespace rcukv::loadtest {

// Of one operation that was answered, in nanoseconds.
struct Latency {
  // From when the call was sent.
  uint64_t from_send = 0;
  // From when it should have been sent: includes the time for which it waited for a free
  // caller. In a closed loop there is no such time, and this is from_send.
  uint64_t from_due = 0;
};

// Large: half a megabyte.
class Measurement {
 public:
  void Record(OperationKind kind, Latency latency) {
    from_send_[static_cast<size_t>(kind)].Record(latency.from_send);
    from_due_[static_cast<size_t>(kind)].Record(latency.from_due);
    late_.Record(latency.from_due - latency.from_send);
  }

  void Merge(const Measurement& other) {
    for (size_t kind = 0; kind < kOperationKinds.size(); ++kind) {
      from_send_[kind].Merge(other.from_send_[kind]);
      from_due_[kind].Merge(other.from_due_[kind]);
    }
    late_.Merge(other.late_);
  }

  uint64_t count(OperationKind kind) const { return from_send(kind).count(); }
  uint64_t count() const { return late_.count(); }

  const LatencyHistogram& from_send(OperationKind kind) const {
    return from_send_[static_cast<size_t>(kind)];
  }
  const LatencyHistogram& from_due(OperationKind kind) const {
    return from_due_[static_cast<size_t>(kind)];
  }
  // By how much calls were sent later than they should have been.
  const LatencyHistogram& late() const { return late_; }

  // Of all kinds together.
  LatencyHistogram AllFromSend() const { return All(from_send_); }
  LatencyHistogram AllFromDue() const { return All(from_due_); }

 private:
  using ByKind = std::array<LatencyHistogram, kOperationKinds.size()>;

  static LatencyHistogram All(const ByKind& kinds) {
    LatencyHistogram all;
    for (const LatencyHistogram& kind : kinds) all.Merge(kind);
    return all;
  }

  ByKind from_send_;
  ByKind from_due_;
  LatencyHistogram late_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_MEASUREMENT_H_
