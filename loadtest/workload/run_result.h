// What a run found.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/workload/measured_phase.h"
#include "loadtest/workload/overhead_result.h"
#include "loadtest/workload/run_options.h"
#include "loadtest/workload/server_facts.h"

namespace rcukv::loadtest {

// One rate that a ramp tried. Latencies as those of a RunSecond.
struct RampStep {
  // Operations a second, asked for and done.
  double rate = 0;
  double done = 0;
  uint64_t p50 = 0;
  uint64_t p99 = 0;
  bool met = false;
  // Why not, in a word or two.
  std::string reason = "";
};

struct RunResult {
  RunOptions options;
  // The server, before the load; an error: why it is not known. NOT_FOUND: it was not
  // asked for.
  absl::StatusOr<ServerFacts> server =
      absl::NotFoundError("--admin_address was not given");
  // With the warm-up.
  std::vector<RunSecond> seconds;
  // In the order in which they were tried; empty without a ramp.
  std::vector<RampStep> steps;
  // Of a ramp: at the highest rate that met the objective, or at the last, where none
  // did.
  MeasuredPhase phase;
  // What of that was this program's; absent: not measured, or interrupted.
  std::optional<Overhead> overhead;
  // With the warm-up, and to the very end.
  uint64_t wrong = 0;
  uint64_t conflicts = 0;
  // Answers of keys whose insert was not answered (caller.h).
  uint64_t unchecked = 0;
  // Empty where no answer was wrong.
  std::string first_wrong;
  // Why it ended early; OK: it did not, or it was interrupted.
  absl::Status failure;
  bool interrupted = false;
};

// Whether a ramp looked for a rate and found none.
inline bool MissedObjective(const RunResult& result) {
  return !result.steps.empty() &&
         std::none_of(result.steps.begin(), result.steps.end(),
                      [](const RampStep& step) { return step.met; });
}

// From this share on a call waits for a processor on its way: at the client or, where
// both are on one machine, at the server because of the client.
inline constexpr double kBusyProcessors = 0.9;

// Whether the figures may be of a client that had too little processor, rather than of
// the server.
inline bool LimitedByClient(const RunResult& result) {
  return result.phase.processors.has_value() &&
         result.phase.processors->busy >= kBusyProcessors;
}

// In an open loop: whether the rate was done, rather than put off. At the end there may
// be calls under way, at most one a caller, and no more than come due in a tenth of a
// second; but not a queue of them, as of a rate that is too high for the time that it
// lasts, however short.
inline bool KeptUp(const RunResult& result) {
  const Measurement& measured = *result.phase.measured;
  const uint64_t unanswered = measured.unanswered().count();
  const auto tenth = static_cast<int64_t>(result.phase.asked_rate.value_or(0) / 10);
  const auto under_way = static_cast<uint64_t>(
      std::min(result.options.callers, std::max(RunOptions::kClosedCallers, tenth)));
  return measured.after_end() + unanswered <=
         under_way + (measured.count() + unanswered) / 100;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_
