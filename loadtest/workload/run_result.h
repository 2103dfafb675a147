// What a run found.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "loadtest/workload/measurement.h"
#include "loadtest/workload/run_options.h"

namespace rcukv::loadtest {

// One second of it, or what is left of one at an end. Latencies in nanoseconds: from the
// due time, which in a closed loop is that of the send.
struct RunSecond {
  bool warm_up = false;
  // Since the load began, at its end.
  double at = 0;
  // How long it was.
  double seconds = 0;
  uint64_t operations = 0;
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

struct RunResult {
  RunOptions options;
  // With the warm-up.
  std::vector<RunSecond> seconds;
  // Without it.
  std::unique_ptr<Measurement> measured = std::make_unique<Measurement>();
  double measured_seconds = 0;
  // With it, and to the very end.
  uint64_t wrong = 0;
  uint64_t conflicts = 0;
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

// In an open loop: a schedule is kept where all but one in a hundred calls were sent
// within this much of their time.
inline constexpr uint64_t kKeptNanoseconds = 1'000'000;

inline bool KeptSchedule(const RunResult& result) {
  return result.measured->late().Percentile(99) <= kKeptNanoseconds;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_RESULT_H_
