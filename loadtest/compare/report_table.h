// The table of a comparison: a column a strategy, a row a measure.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_

#include <string>

#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

// Ratios are followed by the interval that has their median with 95 % (statistics.h).
std::string RenderTable(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_TABLE_H_
