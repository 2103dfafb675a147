#include "bench/serve/cpu_clock.h"

#include <unistd.h>

#include <thread>

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

void Burn(double seconds) {
  const CpuClock clock = CpuClock::OfThisProcess();
  const double end = clock.Seconds() + seconds;
  while (clock.Seconds() < end) {
  }
}

TEST(CpuClock, RunsWhileAnyThreadOfTheProcessDoes) {
  const absl::StatusOr<CpuClock> clock = CpuClock::Of(getpid());
  ASSERT_TRUE(clock.ok()) << clock.status();
  const double before = clock->Seconds();
  std::thread([] { Burn(0.02); }).join();
  EXPECT_GE(clock->Seconds() - before, 0.02);
}

TEST(CpuClock, AProcessThatIsNotThereHasNone) {
  // Beyond the highest that Linux gives out.
  EXPECT_EQ(CpuClock::Of(1 << 23).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace rcukv::bench
