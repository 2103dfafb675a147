// What a flip found.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_RESULT_H_
#define RCUKV_LOADTEST_FLIP_FLIP_RESULT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "loadtest/flip/flip_figures.h"
#include "loadtest/flip/flip_options.h"
#include "loadtest/flip/flip_setting.h"

namespace rcukv::loadtest {

// An interval of a phase. The first of a phase begins where the last of the one before
// ended, and so has the switch in it.
struct FlipSample {
  // Index of its phase.
  size_t phase = 0;
  // Since the first phase began, at its end.
  double at = 0;
  // Whether it is in its phase's figures: it began late enough after the switch.
  bool settled = false;
  // What the server said at its end that it runs with.
  FlipSetting reported;
  FlipFigures figures;
};

struct FlipPhase {
  // Index of its setting in the options.
  size_t setting = 0;
  // From 0 on.
  size_t round = 0;
  // Seconds since the first phase began: when the server had been switched, and its end.
  double from = 0;
  double to = 0;
  // Whether it came to its end, and has figures.
  bool complete = false;
  // Of its settled samples together.
  FlipFigures figures = {};
  // The most that waited to be freed at the end of a settled sample.
  uint64_t backlog_bytes_max = 0;
};

struct FlipResult {
  FlipOptions options;
  // What the server is: "MEMB 1.2.3 with 2 threads".
  std::string server;
  // In the order of time.
  std::vector<FlipPhase> phases;
  std::vector<FlipSample> samples;

  // Of all calls that were answered, those before the first phase included.
  uint64_t reads = 0;
  uint64_t writes = 0;
  uint64_t wrong = 0;
  // Empty where no answer was wrong.
  std::string first_wrong;
  // Why it ended early; OK: it did not, or it was interrupted.
  absl::Status failure;
  // Why the server's settings are not what they were before; OK: they are, or it was a
  // server of its own.
  absl::Status restore_failure;
  bool interrupted = false;
};

// Whether the kernel shows how often processors were interrupted.
inline bool HasInterrupts(const FlipResult& result) {
  return std::any_of(
      result.samples.begin(), result.samples.end(),
      [](const FlipSample& sample) { return sample.figures.interrupts.has_value(); });
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_RESULT_H_
