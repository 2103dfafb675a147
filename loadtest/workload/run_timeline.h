// A run second by second, as charts.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_TIMELINE_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_TIMELINE_H_

#include <cstddef>
#include <vector>

#include "loadtest/page/chart.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// Operations answered a second; in an open loop, and how many were asked for.
Chart ThroughputChart(const RunResult& result);

// Percentiles of each second, from when the calls were due.
Chart LatencyTimeChart(const RunResult& result);

// As many seconds as make one of what is returned.
size_t SecondsTogether(size_t seconds);

// `seconds` with so many that follow one another as one, where they are of one phase and
// rate: its operations and its time are theirs together, its percentiles the worst of
// theirs. For hours of a run, which no screen has room for.
std::vector<RunSecond> Together(const std::vector<RunSecond>& seconds, size_t together);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_TIMELINE_H_
