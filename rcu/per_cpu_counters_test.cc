#include "rcu/per_cpu_counters.h"

#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace rcu {
namespace {

// Many more threads than CPUs, that lose them all the time: an increment that is not
// started anew lands on a CPU where another thread increments, and one of the two is
// lost.
TEST(PerCpuCountersTest, NoIncrementIsLostOrDoubled) {
  if (const absl::Status status = CheckPerCpuCounters(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  constexpr size_t kThreads = 8;
  std::vector<SectionCounts> counts(PerCpuCount());
  std::vector<uint64_t> increments(kThreads);
  std::atomic<bool> end{false};
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      uint64_t mine = 0;
      while (!end.load(std::memory_order_relaxed)) {
        for (int i = 0; i < 1000; ++i) IncrementOnThisCpu(&counts[0].begun[1]);
        mine += 1000;
        if (mine % 16'000 == 0) sched_yield();
      }
      increments[t] = mine;
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(2));
  end.store(true, std::memory_order_relaxed);
  for (auto& thread : threads) thread.join();

  uint64_t expected = 0;
  for (uint64_t mine : increments) expected += mine;
  uint64_t counted = 0;
  for (const SectionCounts& cpu : counts) {
    counted += cpu.begun[1].load(std::memory_order_relaxed);
    EXPECT_EQ(cpu.begun[0].load(std::memory_order_relaxed), 0u);
    EXPECT_EQ(cpu.ended[0].load(std::memory_order_relaxed), 0u);
    EXPECT_EQ(cpu.ended[1].load(std::memory_order_relaxed), 0u);
  }
  EXPECT_EQ(counted, expected);
}

}  // namespace
}  // namespace rcu
