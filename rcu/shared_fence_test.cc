#include "rcu/shared_fence.h"

#include <sched.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "gtest/gtest.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Whether `condition` becomes true; it should do so at once.
template <class Condition>
bool Await(Condition condition) {
  const auto until = steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (steady_clock::now() > until) return false;
    sched_yield();
  }
  return true;
}

TEST(SharedFenceTest, ACallThatHasBegunDoesNotServeWhoeverComesLater) {
  SharedFence fence;
  std::atomic<int> calls{0};
  std::atomic<bool> go_on{false};
  std::thread first([&] {
    fence.Run([&] {
      calls.fetch_add(1, std::memory_order_release);
      while (!go_on.load(std::memory_order_acquire)) sched_yield();
    });
  });
  EXPECT_TRUE(Await([&] { return calls.load(std::memory_order_acquire) == 1; }));
  std::atomic<bool> at_the_fence{false};
  std::thread second([&] {
    at_the_fence.store(true, std::memory_order_release);
    fence.Run([&] { calls.fetch_add(1, std::memory_order_relaxed); });
  });
  while (!at_the_fence.load(std::memory_order_acquire)) sched_yield();
  // Long enough to be inside, as a rule. Passing does not depend on it.
  std::this_thread::sleep_for(milliseconds(20));
  go_on.store(true, std::memory_order_release);
  first.join();
  second.join();
  EXPECT_EQ(calls.load(std::memory_order_relaxed), 2);
}

TEST(SharedFenceTest, CallersThatWaitTogetherShareACall) {
  SharedFence fence;
  std::atomic<int> calls{0};
  std::atomic<bool> go_on{false};
  const auto run = [&] {
    fence.Run([&] {
      calls.fetch_add(1, std::memory_order_release);
      while (!go_on.load(std::memory_order_acquire)) sched_yield();
    });
  };
  std::thread first(run);
  EXPECT_TRUE(Await([&] { return calls.load(std::memory_order_acquire) == 1; }));
  std::array<std::thread, 8> others;
  for (auto& other : others) other = std::thread(run);
  std::this_thread::sleep_for(milliseconds(50));
  go_on.store(true, std::memory_order_release);
  first.join();
  for (auto& other : others) other.join();
  EXPECT_LT(calls.load(std::memory_order_relaxed), 9);
}

// A cell of memory in a cache line of its own.
struct alignas(64) Cell {
  std::atomic<uint64_t> value{0};
};

// Two threads storm through the fence; each stores before it. Returns how often the call
// that served a caller had not seen what it stored.
uint64_t Storm(milliseconds time) {
  SharedFence fence;
  std::array<Cell, 2> stored;
  // What the newest call has seen; stored by calls, one at a time.
  std::array<Cell, 2> seen;
  // Lines that the two take from one another: what is stored after them waits in the
  // store buffer, while loads run ahead.
  std::array<Cell, 40> clog;
  std::atomic<uint64_t> missed{0};
  const auto until = steady_clock::now() + time;
  const auto look = [&] {
    // Both are loaded before either is stored.
    const uint64_t first = stored[0].value.load(std::memory_order_relaxed);
    const uint64_t second = stored[1].value.load(std::memory_order_relaxed);
    seen[0].value.store(first, std::memory_order_relaxed);
    seen[1].value.store(second, std::memory_order_relaxed);
  };
  const auto run = [&](size_t me) {
    for (uint64_t i = 1; i % 128 != 0 || steady_clock::now() < until; ++i) {
      for (Cell& cell : clog) cell.value.store(i, std::memory_order_relaxed);
      stored[me].value.store(i, std::memory_order_relaxed);
      fence.Run(look);
      if (seen[me].value.load(std::memory_order_relaxed) < i) {
        missed.fetch_add(1, std::memory_order_relaxed);
      }
    }
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  return missed.load(std::memory_order_relaxed);
}

TEST(SharedFenceTest, TheCallThatServesACallerSeesWhatItStoredBefore) {
  // Many short ones: whether the two threads run at the same time is luck.
  for (int storm = 0; storm < 10; ++storm) EXPECT_EQ(Storm(milliseconds(250)), 0u);
}

}  // namespace
}  // namespace rcu
