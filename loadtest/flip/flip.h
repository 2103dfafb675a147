// A timeline under steady load, in which a server's membarrier and reclaim modes are
// switched.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_H_
#define RCUKV_LOADTEST_FLIP_FLIP_H_

#include "absl/status/statusor.h"
#include "loadtest/flip/flip_options.h"
#include "loadtest/flip/flip_result.h"

namespace rcukv::loadtest {

// Starts a server, or takes the one that the options name, fills its table, and goes
// through the phases under load, with its progress on stderr. Of a server that it did not
// start, the settings are put back, however it ends. An error: it could not begin. What
// fails later is in the result, with what was measured until then.
absl::StatusOr<FlipResult> RunFlip(const FlipOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_H_
