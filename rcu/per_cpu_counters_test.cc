#include "rcu/per_cpu_counters.h"

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace rcu {
namespace {

// Moves the thread to one of the CPUs that this one may run on.
void MoveTo(pthread_t thread, int number) {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof(allowed), &allowed);
  for (size_t cpu = 0, seen = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    if (seen++ != static_cast<size_t>(number % CPU_COUNT(&allowed))) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    pthread_setaffinity_np(thread, sizeof(one), &one);
  }
}

// Threads that are moved to and fro in the middle of increments: one that is not started
// anew lands on a CPU where another thread increments, and one of the two is lost.
TEST(PerCpuCountersTest, NoIncrementIsLostOrDoubled) {
  if (const absl::Status status = CheckPerCpuCounters(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  constexpr size_t kThreads = 4;
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
      }
      increments[t] = mine;
    });
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  for (int move = 0; std::chrono::steady_clock::now() < until; ++move) {
    for (auto& thread : threads) MoveTo(thread.native_handle(), ++move);
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
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
