#include "loadtest/base/cpu_time.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

TEST(ThreadCpuNs, GrowsByTheThreadsOwnWorkAlone) {
  const uint64_t start = ThreadCpuNs();
  uint64_t now = start;
  while (now - start < 10'000'000) now = ThreadCpuNs();
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  EXPECT_NEAR(static_cast<double>(now) / 1e9,
              Seconds(usage.ru_utime) + Seconds(usage.ru_stime), 0.01);
}

TEST(CpuOfProcess, IsWhatTheProcessItselfIsTold) {
  // Some of both, until there is enough for the two to be told apart.
  rusage usage{};
  do {
    for (int i = 0; i < 100'000; ++i) syscall(SYS_getppid);
    getrusage(RUSAGE_SELF, &usage);
  } while (Seconds(usage.ru_utime) + Seconds(usage.ru_stime) < 0.3 ||
           Seconds(usage.ru_stime) < 0.05);
  const absl::StatusOr<ProcessCpu> cpu = CpuOfProcess(getpid());
  ASSERT_TRUE(cpu.ok()) << cpu.status();
  EXPECT_NEAR(cpu->user_seconds, Seconds(usage.ru_utime), 0.05);
  EXPECT_NEAR(cpu->system_seconds, Seconds(usage.ru_stime), 0.05);
}

TEST(CpuOfProcess, NamesTheFileOfAProcessThatIsNotThere) {
  const absl::StatusOr<ProcessCpu> cpu = CpuOfProcess(-1);
  EXPECT_EQ(cpu.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(cpu.status().message()), "/proc/-1/stat cannot be read");
}

}  // namespace
}  // namespace rcukv::loadtest
