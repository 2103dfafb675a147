// What a run found.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "loadtest/workload/measurement.h"
#include "loadtest/workload/run_options.h"
#include "loadtest/workload/run_processors.h"

namespace rcukv::loadtest {

// One second of it, or what is left of one at an end. Latencies in nanoseconds: from the
// due time, which in a closed loop is that of the send.
struct RunSecond {
  bool warm_up = false;
  // Not a second but what it took, after the end, until the calls were answered that had
  // been due, or given up.
  bool after_end = false;
  // Operations a second of an open loop; 0: a closed loop.
  double asked_rate = 0;
  // Since the load began, at its end.
  double at = 0;
  // How long it was.
  double seconds = 0;
  // Answered.
  uint64_t operations = 0;
  // Failed, or given up; latencies are with how long these had waited.
  uint64_t unanswered = 0;
  uint64_t p50 = 0;
  uint64_t p99 = 0;
  uint64_t p999 = 0;
  uint64_t max = 0;
  // Of all answers from the begin of the load.
  uint64_t wrong = 0;

  double rate() const {
    return seconds > 0 ? static_cast<double>(operations) / seconds : 0;
  }
};

// One rate that a ramp tried. Latencies as above.
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
  // With the warm-up.
  std::vector<RunSecond> seconds;
  // In the order in which they were tried; empty without a ramp.
  std::vector<RampStep> steps;
  // Without the warm-up. Of a ramp: at the highest rate that met the objective, or at the
  // last, where none did.
  std::unique_ptr<Measurement> measured = std::make_unique<Measurement>();
  // With what it took after the end until the last calls were answered or given up.
  double measured_seconds = 0;
  // At what rate of an open loop that was; absent: a closed loop.
  std::optional<double> asked_rate;
  // What an operation takes of a processor without the client library (overhead.h); 0:
  // not known, as the run was interrupted.
  double generator_nanoseconds = 0;
  // What this machine's processors did while that was measured; absent: not known.
  std::optional<ProcessorUse> processors;
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

  double rate() const {
    return measured_seconds > 0
               ? static_cast<double>(measured->count()) / measured_seconds
               : 0;
  }
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
  return result.processors.has_value() && result.processors->busy >= kBusyProcessors;
}

// In an open loop: a schedule is kept where all but one in a hundred calls were sent
// within this much of their time, and answered.
inline constexpr uint64_t kKeptNanoseconds = 1'000'000;

inline bool KeptSchedule(const RunResult& result) {
  const Measurement& measured = *result.measured;
  return measured.count() > 0 && measured.late().Percentile(99) <= kKeptNanoseconds &&
         measured.unanswered().count() <= measured.count() / 100;
}

// In an open loop: whether the rate was done, rather than put off. At the end there may
// be calls under way, at most one a caller; but not a queue of those that should have
// been sent, as of a rate that is too high for the time that it lasts, however short.
inline bool KeptUp(const RunResult& result) {
  const Measurement& measured = *result.measured;
  const uint64_t unanswered = measured.unanswered().count();
  const uint64_t under_way = static_cast<uint64_t>(result.options.callers);
  return measured.after_end() + unanswered <=
         under_way + (measured.count() + unanswered) / 100;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_
