// What is printed of a soak.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_REPORT_H_
#define RCUKV_LOADTEST_SOAK_SOAK_REPORT_H_

#include <string>

#include "loadtest/base/machine.h"
#include "loadtest/soak/soak_result.h"

namespace rcukv::loadtest {

// Everything: the machine, the table, how many answers were checked, the verdict.
std::string RenderSoak(const SoakResult& result, const Machine& machine);

// About ten rows, over equally many samples each: the rates since the row above, medians
// of what is resident, the allocator's, allocated and live, and the largest backlog.
// Empty without samples.
std::string RenderSoakTable(const SoakResult& result);

// One line on the newest sample, of which there is one.
std::string RenderSoakProgress(const SoakResult& result);

// Whether the load went through, all answers were right and memory stayed flat.
bool Passed(const SoakResult& result);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_REPORT_H_
