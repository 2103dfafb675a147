// Whether a rate that a ramp tried is one that the server can do.
#ifndef RCUKV_LOADTEST_WORKLOAD_RAMP_STEP_H_
#define RCUKV_LOADTEST_WORKLOAD_RAMP_STEP_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// Whether a call that failed so is one of too many: what it says of the rate is known.
inline bool IsOverload(const absl::Status& failure) {
  return absl::IsDeadlineExceeded(failure) || absl::IsResourceExhausted(failure);
}

// Of the rate that was just measured; `failure`: of the call that ended it, if one did.
// Met is the objective where no call failed, where calls were answered as they came due,
// and where the p99 from when they were due, also of those without an answer, is at most
// `objective`.
inline RampStep StepOf(const RunResult& result, absl::Duration objective,
                       const absl::Status& failure) {
  const LatencyHistogram latencies = result.phase.measured->AllFromDue();
  RampStep step = {.rate = *result.phase.asked_rate,
                   .done = result.phase.rate(),
                   .p50 = latencies.Percentile(50),
                   .p99 = latencies.Percentile(99),
                   .met = false,
                   .reason = ""};
  if (!failure.ok()) {
    step.reason = "calls failed";
  } else if (latencies.count() == 0) {
    step.reason = "no calls";
  } else if (!KeptUp(result)) {
    step.reason = "calls queued up";
  } else if (absl::Nanoseconds(static_cast<int64_t>(step.p99)) > objective) {
    step.reason = "p99";
  }
  step.met = step.reason.empty();
  return step;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RAMP_STEP_H_
