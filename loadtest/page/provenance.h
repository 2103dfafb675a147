// Where a page is from: what made it, and when.
#ifndef RCUKV_LOADTEST_PAGE_PROVENANCE_H_
#define RCUKV_LOADTEST_PAGE_PROVENANCE_H_

#include <vector>

#include "absl/time/time.h"
#include "loadtest/page/page.h"

namespace rcukv::loadtest {

// The versions of the libraries that what was measured depends on; `written`: when.
std::vector<Fact> Provenance(absl::Time written);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_PROVENANCE_H_
