// A comparison as JSON: every sample of every round, the options, and the machine.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_JSON_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_JSON_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

std::string ToJson(const Comparison& comparison, const Machine& machine);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_JSON_H_
