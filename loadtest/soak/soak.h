// The soak: one server at full load, with writes, for as long as it takes to see whether
// its memory stays flat.
//
// The server is filled with as much as it will hold on average (soak_data.h), then read
// and written in closed loops while it is looked at once a second. Every answer is
// checked.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_H_
#define RCUKV_LOADTEST_SOAK_SOAK_H_

#include "absl/status/statusor.h"
#include "loadtest/soak/soak_options.h"
#include "loadtest/soak/soak_result.h"

namespace rcukv::loadtest {

// Runs it, with its progress on stderr. An error: there was no load, as the server could
// not be started or filled. What fails later is in the result, with what was seen until
// then. The server is gone when it returns. options.server_binary is not empty.
absl::StatusOr<SoakResult> RunSoak(const SoakOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_H_
