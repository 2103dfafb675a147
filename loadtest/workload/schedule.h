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

#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "loadtest/workload/arrivals.h"
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

  Turn Take() {
    absl::MutexLock lock(&mutex_);
    Turn turn = {.operation = operations_.Next(), .due = {}};
    ledger_.Grow(operations_.keys());
    if (arrivals_.has_value()) {
      turn.due = arrivals_->due();
      arrivals_->Advance();
    }
    return turn;
  }

 private:
  RevisionLedger& ledger_;
  absl::Mutex mutex_;
  Operations operations_ ABSL_GUARDED_BY(mutex_);
  std::optional<Arrivals> arrivals_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_SCHEDULE_H_
