// What is printed of a run.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_REPORT_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_REPORT_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// Everything: what was run where, the table of latencies, whether the schedule of an open
// loop was kept, how many answers were checked, and how it ended.
std::string RenderRun(const RunResult& result, const Machine& machine);

// One line, without its end: "   12 s  105k ops/s  p50 310 us  p99 1.2 ms ...".
std::string RenderRunSecond(const RunSecond& second);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_REPORT_H_
