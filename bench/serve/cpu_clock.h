// The CPU time of a process: of all its threads, in user mode and in the kernel.
//
// Thread safety: values.
#ifndef RCUKV_BENCH_SERVE_CPU_CLOCK_H_
#define RCUKV_BENCH_SERVE_CPU_CLOCK_H_

#include <sys/types.h>
#include <time.h>

#include "absl/status/statusor.h"

namespace rcukv::bench {

class CpuClock {
 public:
  // NOT_FOUND: there is no such process.
  static absl::StatusOr<CpuClock> Of(pid_t pid);
  static CpuClock OfThisProcess() { return CpuClock(CLOCK_PROCESS_CPUTIME_ID); }

  // To the nanosecond, unlike /proc/PID/stat, whose ticks are hundredths of a second. 0
  // once the process has ended.
  double Seconds() const;

 private:
  explicit CpuClock(clockid_t clock) : clock_(clock) {}

  clockid_t clock_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_CPU_CLOCK_H_
