#include "loadtest/base/cpu_time.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

// Fields of /proc/PID/stat between the name, which is the second one and ends with the
// last ')', and utime: proc(5).
constexpr int kFieldsBeforeUserTime = 11;

}  // namespace

uint64_t ThreadCpuNs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(now.tv_nsec);
}

absl::StatusOr<ProcessCpu> CpuOfProcess(int64_t pid) {
  const std::string path = absl::StrFormat("/proc/%d/stat", pid);
  std::ifstream file(path);
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  const size_t name_end = stat.rfind(')');
  if (name_end == stat.npos) {
    return absl::NotFoundError(absl::StrFormat("%s cannot be read", path));
  }
  std::istringstream fields(stat.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) fields >> skipped;
  uint64_t user = 0, system = 0;
  if (!(fields >> user >> system)) {
    return absl::NotFoundError(absl::StrFormat("%s has no CPU times", path));
  }
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return ProcessCpu{.user_seconds = static_cast<double>(user) / ticks_per_second,
                    .system_seconds = static_cast<double>(system) / ticks_per_second};
}

}  // namespace rcukv::loadtest
