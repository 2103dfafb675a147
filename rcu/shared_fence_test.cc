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

using std::chrono::steady_clock;

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
  while (calls.load(std::memory_order_acquire) == 0) sched_yield();
  std::atomic<bool> at_the_fence{false};
  std::thread second([&] {
    at_the_fence.store(true, std::memory_order_release);
    fence.Run([&] { calls.fetch_add(1, std::memory_order_relaxed); });
  });
  while (!at_the_fence.load(std::memory_order_acquire)) sched_yield();
  // Long enough to be inside, as a rule. Passing does not depend on it.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
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
  while (calls.load(std::memory_order_acquire) == 0) sched_yield();
  std::array<std::thread, 8> others;
  for (auto& other : others) other = std::thread(run);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  go_on.store(true, std::memory_order_release);
  first.join();
  for (auto& other : others) other.join();
  EXPECT_LT(calls.load(std::memory_order_relaxed), 9);
}

// A cell of memory in a cache line of its own.
struct alignas(64) Cell {
  std::atomic<uint64_t> value{0};
};

// Two threads storm through the fence; each stores before it. A call that serves a caller
// must see what it stored.
TEST(SharedFenceTest, TheCallThatServesACallerSeesWhatItStoredBefore) {
  SharedFence fence;
  std::array<Cell, 2> stored;
  // What the newest call has seen; stored by calls, one at a time.
  std::array<Cell, 2> seen;
  std::array<Cell, 2> missed;
  std::array<Cell, 40> clog;
  std::atomic<bool> end{false};
  const auto look = [&] {
    // Both are loaded before either is stored.
    const uint64_t first = stored[0].value.load(std::memory_order_relaxed);
    const uint64_t second = stored[1].value.load(std::memory_order_relaxed);
    seen[0].value.store(first, std::memory_order_relaxed);
    seen[1].value.store(second, std::memory_order_relaxed);
  };
  const auto storm = [&](size_t me) {
    for (uint64_t i = 1; !end.load(std::memory_order_relaxed); ++i) {
      // Stores to lines that the other one takes away: the next one waits behind them.
      for (Cell& cell : clog) cell.value.store(i, std::memory_order_relaxed);
      stored[me].value.store(i, std::memory_order_relaxed);
      fence.Run(look);
      if (seen[me].value.load(std::memory_order_relaxed) < i) {
        missed[me].value.fetch_add(1, std::memory_order_relaxed);
      }
    }
  };
  std::thread other(storm, 1);
  const auto until = steady_clock::now() + std::chrono::seconds(2);
  std::thread clock([&] {
    while (steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    end.store(true, std::memory_order_relaxed);
  });
  storm(0);
  other.join();
  clock.join();
  for (const Cell& cell : missed)
    EXPECT_EQ(cell.value.load(std::memory_order_relaxed), 0u);
}

}  // namespace
}  // namespace rcu
