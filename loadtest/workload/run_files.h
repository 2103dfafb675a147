// What a run found, for programs.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_FILES_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_FILES_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/workload/run_result.h"

namespace rcukv::loadtest {

// JSON: the machine, the options, percentiles of every kind of operation, every second.
std::string ToJson(const RunResult& result, const Machine& machine);

// CSV: a line of names, and one for each second.
std::string ToCsv(const RunResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_FILES_H_
