#include "bench/serve/cpu_clock.h"

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::bench {

absl::StatusOr<CpuClock> CpuClock::Of(pid_t pid) {
  clockid_t clock;
  if (clock_getcpuclockid(pid, &clock) != 0) {
    return absl::NotFoundError(absl::StrFormat("there is no process %d", pid));
  }
  return CpuClock(clock);
}

double CpuClock::Seconds() const {
  timespec time = {};
  if (clock_gettime(clock_, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace rcukv::bench
