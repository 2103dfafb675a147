// How much memory a process occupies, by its kernel.
#ifndef RCUKV_LOADTEST_PROCESS_RESIDENT_MEMORY_H_
#define RCUKV_LOADTEST_PROCESS_RESIDENT_MEMORY_H_

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace rcukv::loadtest {

// Bytes of VmRSS in /proc/PID/status. NOT_FOUND where there is no such process.
absl::StatusOr<uint64_t> ResidentBytes(pid_t pid);

// The same of what that file holds. INVALID_ARGUMENT where it does not say: a process
// that has ended has no memory.
absl::StatusOr<uint64_t> ParseResidentBytes(std::string_view status);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PROCESS_RESIDENT_MEMORY_H_
