// A comparison as files: every sample.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_FILES_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_FILES_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// With the machine, the options, and what was left out.
std::string ToJson(const Comparison& comparison, const Machine& machine);

// A line a sample: round, layer, case, strategy, its figures, reads and wrong ones. A
// figure that there is not is empty.
std::string ToCsv(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_FILES_H_
