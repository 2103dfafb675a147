// Results of runs that never were, for tests of their pages: of each kind, with figures
// that tell one thing from another.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_PAGE_FIXTURE_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_PAGE_FIXTURE_H_

#include "loadtest/base/machine.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// Half a minute, with gets, puts and scans.
RunResult ClosedRun();

// The same at a rate that the server could not quite do: some calls were late, some were
// not answered.
RunResult OpenRun();

// Looked for the highest rate within an objective, and found it at the third of five.
RunResult RampRun();

Machine SomeMachine();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_PAGE_FIXTURE_H_
