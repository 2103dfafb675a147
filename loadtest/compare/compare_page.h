// A comparison as a page, for `loadtest compare --html=FILE`.
#ifndef RCUKV_LOADTEST_COMPARE_COMPARE_PAGE_H_
#define RCUKV_LOADTEST_COMPARE_COMPARE_PAGE_H_

#include <string>

#include "absl/time/time.h"
#include "loadtest/base/machine.h"
#include "loadtest/compare/comparison.h"
#include "loadtest/page/page.h"

namespace rcukv::loadtest {

// `command` as in Page; `written`: when. What was not measured has no chart.
Page ComparePage(const Comparison& comparison, const Machine& machine,
                 const std::string& command, absl::Time written);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_COMPARE_PAGE_H_
