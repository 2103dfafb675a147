// The signal fence by itself. What it orders as atomics is in litmus_test; here is what
// ThreadSanitizer sees, and threads that come and go.
#include "rcu/signal_fence.h"

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/fence.h"
#include "rcu/relaxed_flag.h"

namespace rcu {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

class SignalFenceTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(PrepareSignalFence().ok()); }
};

TEST_F(SignalFenceTest, WhatAThreadDidBeforeItHappensBeforeItsReturn) {
  int data = 1;
  int seen = 0;
  RelaxedFlag has_read;
  RelaxedFlag end;
  std::thread reader([&] {
    JoinSignalFence();
    seen = data;
    has_read.Set();
    end.Await();
    LeaveSignalFence();
  });
  has_read.Await();
  SignalFence();
  data = 2;
  end.Set();
  reader.join();
  EXPECT_EQ(seen, 1);
}

TEST_F(SignalFenceTest, WhatAThreadDidThatHasLeftHappensBeforeItsReturn) {
  int data = 1;
  int seen = 0;
  RelaxedFlag has_left;
  RelaxedFlag end;
  std::thread reader([&] {
    JoinSignalFence();
    seen = data;
    LeaveSignalFence();
    has_left.Set();
    end.Await();
  });
  has_left.Await();
  SignalFence();
  data = 2;
  end.Set();
  reader.join();
  EXPECT_EQ(seen, 1);
}

TEST_F(SignalFenceTest, IsNotOverBeforeTheHandlerHasRun) {
  RelaxedFlag has_joined;
  RelaxedFlag block;
  RelaxedFlag blocks_it;
  RelaxedFlag unblock;
  std::thread reader([&] {
    JoinSignalFence();
    has_joined.Set();
    block.Await();
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, FenceSignalNumber());
    pthread_sigmask(SIG_BLOCK, &ours, nullptr);
    blocks_it.Set();
    unblock.Await();
    pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
    LeaveSignalFence();
  });
  has_joined.Await();
  SignalFence();  // What the thread has confirmed is of the fence before.
  block.Set();
  blocks_it.Await();
  RelaxedFlag is_over;
  std::thread writer([&] {
    SignalFence();
    is_over.Set();
  });
  // Long enough to return, as a rule, for one that does not wait.
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_FALSE(is_over.IsSet());
  unblock.Set();
  writer.join();
  reader.join();
}

TEST_F(SignalFenceTest, ThreadsThatJoinDuringAFenceAreSafe) {
  RelaxedFlag end;
  std::thread writer([&] {
    while (!end.IsSet()) SignalFence();
  });
  // Each has a target of its own, as none leaves before the last has joined.
  constexpr int kThreads = 50;
  std::atomic<int> joined{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      JoinSignalFence();
      joined.fetch_add(1, std::memory_order_relaxed);
      while (joined.load(std::memory_order_relaxed) != kThreads) {
        std::this_thread::sleep_for(microseconds(100));
      }
      LeaveSignalFence();
    });
  }
  for (auto& thread : threads) thread.join();
  end.Set();
  writer.join();
}

// Store buffering against a thread that joins, accesses and leaves:
//
//   reader, access i        writer, round r
//   join                    y = r
//   x = i                   signal fence
//   seen_y[i] = y           seen_x[r] = x
//   leave
//
// Either the fence finds the thread, and then x, or the thread sees y. Returns how often
// both missed. (Without the fence in JoinSignalFence: once in some seconds.)
uint64_t JoiningStorm() {
  struct alignas(64) Cell {
    std::atomic<uint64_t> value{0};
  };
  Cell x;
  Cell y;
  RelaxedFlag end;
  std::vector<uint64_t> seen_y(size_t{1} << 20);
  std::vector<uint64_t> seen_x(size_t{1} << 21);

  std::thread reader([&] {
    for (uint64_t i = 1; i < seen_y.size() && !end.IsSet(); ++i) {
      JoinSignalFence();
      x.value.store(i, std::memory_order_relaxed);
      CompilerBarrier();
      seen_y[i] = y.value.load(std::memory_order_relaxed);
      LeaveSignalFence();
    }
    end.Set();
  });
  const auto until = steady_clock::now() + std::chrono::seconds(1);
  uint64_t rounds = 0;
  while (rounds + 1 < seen_x.size() && steady_clock::now() < until && !end.IsSet()) {
    ++rounds;
    y.value.store(rounds, std::memory_order_relaxed);
    SignalFence();
    seen_x[rounds] = x.value.load(std::memory_order_relaxed);
  }
  end.Set();
  reader.join();

  const uint64_t accesses = x.value.load(std::memory_order_relaxed);
  uint64_t both_missed = 0;
  for (uint64_t round = 1; round <= rounds; ++round) {
    const uint64_t first_missed = seen_x[round] + 1;
    if (first_missed <= accesses && seen_y[first_missed] < round) ++both_missed;
  }
  return both_missed;
}

TEST_F(SignalFenceTest, AThreadThatJoinsSeesWhatWasStoredBeforeAFenceThatMissedIt) {
  for (int storm = 0; storm < 3; ++storm) EXPECT_EQ(JoiningStorm(), 0u);
}

}  // namespace
}  // namespace rcu
