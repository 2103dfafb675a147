// What a ramp tried, as a table and as a chart.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_RAMP_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_RAMP_H_

#include "loadtest/base/table.h"
#include "loadtest/page/chart.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// A row a rate, in the order in which they were tried.
Table RampTable(const RunResult& result);

// The p99 over what was done of each rate, and the objective. `result` is of a ramp.
Chart RampChart(const RunResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_RAMP_H_
