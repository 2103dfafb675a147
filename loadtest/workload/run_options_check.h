// Which options of a run do not go together.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_OPTIONS_CHECK_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_OPTIONS_CHECK_H_

#include "absl/status/status.h"
#include "loadtest/workload/run_options.h"

namespace rcukv::loadtest {

// Of options that are right each by itself. INVALID_ARGUMENT names the flags.
absl::Status CheckTogether(const RunOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_OPTIONS_CHECK_H_
