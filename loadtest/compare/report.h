// Everything that is printed of a comparison: its tables, what they say in plain words,
// how many answers were checked, and lines for scripts.
#ifndef RCUKV_LOADTEST_COMPARE_REPORT_H_
#define RCUKV_LOADTEST_COMPARE_REPORT_H_

#include <string>
#include <vector>

#include "loadtest/base/machine.h"
#include "loadtest/compare/comparison.h"

namespace rcukv::loadtest {

std::string RenderReport(const Comparison& comparison, const Machine& machine);

// "1,234 reads checked, 0 wrong."
std::string ChecksOf(const Comparison& comparison);

// Of each measurement with wrong answers: how many, and what was wrong with the first
// one.
std::vector<std::string> WrongAnswers(const Comparison& comparison);

// "ratio loadtest.lookups.per_key.memb_expedited 1.62x vs mb", one a line; also by CPU
// time (".by_cpu").
std::string RenderRatioLines(const Comparison& comparison);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_REPORT_H_
