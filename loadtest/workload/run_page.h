// A run as a page, for `loadtest run --html=FILE`.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_PAGE_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_PAGE_H_

#include <string>

#include "absl/time/time.h"
#include "loadtest/base/machine.h"
#include "loadtest/page/page.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// `command` as in Page; `written`: when. What was not measured has no chart.
Page RunPage(const RunResult& result, const Machine& machine, const std::string& command,
             absl::Time written);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_PAGE_H_
