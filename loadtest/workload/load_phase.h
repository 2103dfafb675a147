// Before a run: fills its table, or sees that it is filled.
#ifndef RCUKV_LOADTEST_WORKLOAD_LOAD_PHASE_H_
#define RCUKV_LOADTEST_WORKLOAD_LOAD_PHASE_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/server_target.h"

namespace rcukv::loadtest {

// Writes what operation 0 gives to keys 0 to entries - 1. Returns a revision that none of
// them is older than. Calls progress(keys so far) now and then. CANCELLED when the
// program is interrupted meanwhile.
absl::StatusOr<uint64_t> FillTable(const ServerTarget& target, const Records& records,
                                   size_t entries,
                                   absl::FunctionRef<void(size_t)> progress);

// Looks at some of these keys, the first and the last among them. NOT_FOUND: there are
// fewer; DATA_LOSS: they have other values.
absl::Status CheckFilled(ServerTarget& target, const Records& records, size_t entries);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_LOAD_PHASE_H_
