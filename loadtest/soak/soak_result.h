// What a soak found.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_RESULT_H_
#define RCUKV_LOADTEST_SOAK_SOAK_RESULT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "loadtest/soak/soak_options.h"
#include "loadtest/soak/soak_sample.h"

namespace rcukv::loadtest {

struct SoakResult {
  SoakOptions options;
  // What the server says that it runs with: "MEMB, EXPEDITED, CALL_RCU".
  std::string server;
  // In the order of time.
  std::vector<SoakSample> samples;
  // To the very end, past the last sample.
  SoakCounts counts;
  // Empty where no answer was wrong.
  std::string first_wrong;
  // Why the load ended early; OK: it did not, or it was interrupted.
  absl::Status failure;
  bool interrupted = false;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_RESULT_H_
