// CPU time: of the calling thread, and of another process.
//
// Thread safety: any thread at any time.
#ifndef RCUKV_LOADTEST_BASE_CPU_TIME_H_
#define RCUKV_LOADTEST_BASE_CPU_TIME_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace rcukv::loadtest {

// User and system time of the calling thread, in nanoseconds.
uint64_t ThreadCpuNs();

// Of a process since its start, all threads together. The kernel knows the sum of the two
// to the nanosecond and tells it in hundredths of a second; what is user and what system
// time it mostly samples with its clock's ticks. So take the difference over a second or
// more.
struct ProcessCpu {
  double user_seconds = 0;
  double system_seconds = 0;
};

// NOT_FOUND where there is no such process.
absl::StatusOr<ProcessCpu> CpuOfProcess(int64_t pid);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_CPU_TIME_H_
