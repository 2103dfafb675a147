// What was measured of the operations of some time: counts and latencies, of each kind.
//
// Thread safety: one thread at a time.
#ifndef RCUKV_LOADTEST_WORKLOAD_MEASUREMENT_H_
#define RCUKV_LOADTEST_WORKLOAD_MEASUREMENT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "loadtest/base/latency_histogram.h"
#include "loadtest/workload/workload.h"

namespace rcukv::loadtest {

// Of one operation that was answered, in nanoseconds.
struct Latency {
  // From when the call was sent.
  uint64_t from_send = 0;
  // From when it should have been sent: includes the time for which it waited for a free
  // caller. In a closed loop there is no such time, and this is from_send.
  uint64_t from_due = 0;
  // Whether it had to wait until another call was answered, as many being under way as
  // may be.
  bool waited_for_caller = false;
};

// Calls that are sent so much later than they should have been are late, in nanoseconds.
inline constexpr uint64_t kLateNanoseconds = 1'000'000;

// Large: half a megabyte.
class Measurement {
 public:
  void Record(OperationKind kind, Latency latency) {
    from_send_[static_cast<size_t>(kind)].Record(latency.from_send);
    from_due_[static_cast<size_t>(kind)].Record(latency.from_due);
    const uint64_t late = latency.from_due - latency.from_send;
    late_.Record(late);
    if (late < kLateNanoseconds) return;
    ++late_calls_;
    if (latency.waited_for_caller) ++late_for_callers_;
  }

  // So many calls were not answered, or failed; each had waited for so long by then, in
  // nanoseconds, from when it should have been sent.
  void RecordUnanswered(uint64_t waited, uint64_t times = 1) {
    unanswered_.Record(waited, times);
  }

  void Merge(const Measurement& other) {
    unanswered_.Merge(other.unanswered_);
    after_end_ += other.after_end_;
    for (size_t kind = 0; kind < kOperationKinds.size(); ++kind) {
      from_send_[kind].Merge(other.from_send_[kind]);
      from_due_[kind].Merge(other.from_due_[kind]);
    }
    late_.Merge(other.late_);
    late_calls_ += other.late_calls_;
    late_for_callers_ += other.late_for_callers_;
  }

  // What came after the time in which it was measured, of calls that were due in it.
  void MergeAfterEnd(const Measurement& rest) {
    Merge(rest);
    after_end_ += rest.count();
  }

  // Answered.
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
  // How many by kLateNanoseconds or more; and how many of these because they, or those
  // before them, waited for an answer (Latency::waited_for_caller).
  uint64_t late_calls() const { return late_calls_; }
  uint64_t late_for_callers() const { return late_for_callers_; }

  // Of those that were not answered: how long they had waited by then, from when they
  // should have been sent. Less than their latency, whatever that would have been.
  const LatencyHistogram& unanswered() const { return unanswered_; }
  // How many of the answers came after the end.
  uint64_t after_end() const { return after_end_; }

  bool empty() const { return count() == 0 && unanswered_.count() == 0; }

  // Of all kinds together.
  LatencyHistogram AllFromSend() const { return All(from_send_); }
  // With the unanswered: a server that hangs is not to look better than one that is slow.
  LatencyHistogram AllFromDue() const {
    LatencyHistogram all = All(from_due_);
    all.Merge(unanswered_);
    return all;
  }

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
  LatencyHistogram unanswered_;
  uint64_t after_end_ = 0;
  uint64_t late_calls_ = 0;
  uint64_t late_for_callers_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_MEASUREMENT_H_
