// Which operation is next, and when it is due.
//
// One sequence for all callers (operations.h). In a closed loop it is due when a caller
// takes it; in an open loop at a moment of a Poisson process (arrivals.h) that nothing
// the server does can shift: a caller that comes late for it says so in its latency, as
// in wrk2 and in YCSB's "intended" measurement.
//
// Thread safety: any thread at any time.
#ifndef RCUKV_LOADTEST_WORKLOAD_SCHEDULE_H_
#define RCUKV_LOADTEST_WORKLOAD_SCHEDULE_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/backlog.h"
#include "loadtest/workload/operations.h"
#include "loadtest/workload/revision_ledger.h"

namespace rcukv::loadtest {

struct Turn {
  Operation operation;
  // Absent: at once.
  std::optional<Arrivals::Clock::time_point> due;
};

class Schedule {
 public:
  // Without `arrivals` it is that of a closed loop. The ledger outlives it.
  Schedule(Operations operations, std::optional<Arrivals> arrivals,
           RevisionLedger& ledger)
      : ledger_(ledger),
        operations_(std::move(operations)),
        arrivals_(std::move(arrivals)) {}

  // Of an open loop: nobody gets a turn that is due then or later, from here on. Without
  // it there is no end; of several, the earliest is.
  void EndAt(Arrivals::Clock::time_point end) {
    absl::MutexLock lock(&mutex_);
    end_ = std::min(end_, end);
  }

  // Nothing where all turns of an open loop were taken that are due before its end. Until
  // then they are to be had, however late it is.
  std::optional<Turn> Take() {
    absl::MutexLock lock(&mutex_);
    if (arrivals_.has_value() && arrivals_->due() >= end_) return {};
    Turn turn = {.operation = operations_.Next(), .due = {}};
    ledger_.Grow(operations_.keys());
    if (arrivals_.has_value()) {
      turn.due = arrivals_->due();
      arrivals_->Advance();
    }
    return turn;
  }

  // Of the turns before the end, those that nobody took; a closed loop has none.
  Backlog backlog() {
    absl::MutexLock lock(&mutex_);
    if (!arrivals_.has_value() || arrivals_->due() >= end_) return {};
    const std::chrono::duration<double> left = end_ - arrivals_->due();
    return {.count = 1 + static_cast<uint64_t>(left.count() * arrivals_->per_second()),
            .first = arrivals_->due(),
            .end = end_};
  }

 private:
  RevisionLedger& ledger_;
  absl::Mutex mutex_;
  Operations operations_ ABSL_GUARDED_BY(mutex_);
  std::optional<Arrivals> arrivals_ ABSL_GUARDED_BY(mutex_);
  Arrivals::Clock::time_point end_ ABSL_GUARDED_BY(mutex_) =
      Arrivals::Clock::time_point::max();
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_SCHEDULE_H_
