// One workload against a server that somebody else started.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_H_

#include "absl/status/statusor.h"
#include "loadtest/workload/run_options.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// Fills the table, warms up and measures, with its progress on stderr. An error: it could
// not begin as the options say, which names the flag to change. What fails later is in
// the result, with what was measured until then.
absl::StatusOr<RunResult> RunWorkload(const RunOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_H_
