// What a flip found, as a page with charts: each quantity over time.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_PAGE_H_
#define RCUKV_LOADTEST_FLIP_FLIP_PAGE_H_

#include <string>

#include "absl/time/time.h"
#include "loadtest/base/machine.h"
#include "loadtest/flip/flip_result.h"
#include "loadtest/page/page.h"

namespace rcukv::loadtest {

// `command` is how the flip was called, `written` when this page was made.
Page FlipPage(const FlipResult& result, const Machine& machine,
              const std::string& command, absl::Time written);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_PAGE_H_
