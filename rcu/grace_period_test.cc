// The steps of a grace period, in their order; what they are worth is for the tests of
// domains to show.
#include "rcu/grace_period.h"

#include <sched.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/fence.h"

namespace rcu {
namespace {

std::string steps;

struct RecordedReaders final : Readers {
  void WaitForAll(HoldoutWatch&) override { steps += "scan "; }
  bool HaveAllEnded() override {
    steps += "look ";
    return have_ended;
  }
  bool have_ended = true;
};

void RecordedFence(MembarrierMode, Urgency urgency) {
  steps += urgency == Urgency::kWaited ? "fence " : "slow fence ";
}

class GracePeriodTest : public testing::Test {
 protected:
  void SetUp() override { steps.clear(); }

  RecordedReaders readers_;
};

TEST_F(GracePeriodTest, IsOneFenceThenOneScan) {
  GracePeriods grace_periods("test", readers_, &RecordedFence, MembarrierMode::kNone);
  grace_periods.Synchronize();
  EXPECT_EQ(steps, "fence scan ");
}

TEST_F(GracePeriodTest, InModeAdaptiveABatchTakesASlowFence) {
  GracePeriods grace_periods("test", readers_, &RecordedFence, MembarrierMode::kAdaptive);
  grace_periods.SynchronizeInBackground();
  EXPECT_EQ(steps, "slow fence scan ");
}

TEST_F(GracePeriodTest, OneThatIsTriedIsOneFenceThenOneLook) {
  GracePeriods grace_periods("test", readers_, &RecordedFence, MembarrierMode::kNone);
  const Cookie cookie = grace_periods.GetCookie();
  EXPECT_TRUE(grace_periods.TrySynchronize());
  EXPECT_EQ(steps, "fence look ");
  EXPECT_TRUE(grace_periods.Poll(cookie));
}

TEST_F(GracePeriodTest, OneThatIsTriedAndHeldUpIsAsIfItHadNotBegun) {
  GracePeriods grace_periods("test", readers_, &RecordedFence, MembarrierMode::kNone);
  const Cookie cookie = grace_periods.GetCookie();
  readers_.have_ended = false;
  EXPECT_FALSE(grace_periods.TrySynchronize());
  EXPECT_FALSE(grace_periods.Poll(cookie));
  steps.clear();
  grace_periods.Wait(cookie);
  EXPECT_EQ(steps, "fence scan ");
  EXPECT_TRUE(grace_periods.Poll(cookie));
}

TEST_F(GracePeriodTest, WhereTheFenceIsSlowOrRationedNoneIsTried) {
  for (const auto mode : {MembarrierMode::kNonExpedited, MembarrierMode::kAdaptive}) {
    GracePeriods grace_periods("test", readers_, &RecordedFence, mode);
    EXPECT_FALSE(grace_periods.TrySynchronize());
    EXPECT_EQ(steps, "");
  }
}

// ---- Sleeping for a grace period

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool Await(const std::atomic<uint64_t>& count, uint64_t value) {
  const auto until = steady_clock::now() + std::chrono::seconds(10);
  while (count.load(std::memory_order_acquire) != value) {
    if (steady_clock::now() > until) return false;
    SpinPause();
  }
  return true;
}

// Readers that the first grace period waits for, until the test says so.
struct HeldUpReaders final : Readers {
  void WaitForAll(HoldoutWatch&) override {
    under_way.store(1, std::memory_order_release);
    while (!go_on.load(std::memory_order_acquire)) sched_yield();
  }
  bool HaveAllEnded() override { return go_on.load(std::memory_order_acquire); }
  std::atomic<uint64_t> under_way{0};
  std::atomic<bool> go_on{false};
};

TEST(SleepTest, EverybodyWhoSleepsIsWokenThoughEachEndWakesOne) {
  constexpr uint64_t kSleepers = 6;
  HeldUpReaders readers;
  GracePeriods grace_periods("test", readers, &RecordedFence, MembarrierMode::kNone);
  std::thread first([&] { grace_periods.Synchronize(); });
  ASSERT_TRUE(Await(readers.under_way, 1));
  std::atomic<uint64_t> done{0};
  std::vector<std::thread> sleepers;
  for (uint64_t i = 0; i < kSleepers; ++i) {
    sleepers.emplace_back([&] {
      grace_periods.Synchronize();
      done.fetch_add(1, std::memory_order_release);
    });
  }
  // Long enough for all to sleep, as a rule. Passing does not depend on it.
  std::this_thread::sleep_for(milliseconds(50));
  readers.go_on.store(true, std::memory_order_release);
  EXPECT_TRUE(Await(done, kSleepers)) << "some sleep on";
  while (done.load(std::memory_order_acquire) != kSleepers) grace_periods.Synchronize();
  first.join();
  for (auto& sleeper : sleepers) sleeper.join();
}

struct NoReaders final : Readers {
  void WaitForAll(HoldoutWatch&) override {}
  bool HaveAllEnded() override { return true; }
};

// In every round one thread runs a grace period, the last one for the time being, and
// another one is about to sleep for its end. Returns whether it was woken in each.
bool SleepStorm(milliseconds time) {
  NoReaders readers;
  GracePeriods grace_periods(
      "test", readers, [](MembarrierMode, Urgency) {}, MembarrierMode::kNone);
  std::atomic<uint64_t> round{0};
  std::atomic<uint64_t> done{0};
  std::atomic<bool> end{false};
  std::thread sleeper([&] {
    for (uint64_t next = 1;; ++next) {
      while (round.load(std::memory_order_acquire) != next) {
        if (end.load(std::memory_order_relaxed)) return;
        SpinPause();
      }
      const Cookie cookie = grace_periods.GetCookie();
      if (next % 2 == 0) {
        for (uint64_t spins = next % 64; spins > 0; --spins) SpinPause();
      } else {
        // Keeps the line of the sequence, so that the other thread's store to it takes
        // its time.
        for (uint64_t polls = next % 128; polls > 0; --polls) {
          if (grace_periods.Poll(cookie)) break;
        }
      }
      grace_periods.Wait(cookie);
      done.store(next, std::memory_order_release);
    }
  });
  const auto until = steady_clock::now() + time;
  bool woken = true;
  for (uint64_t next = 1; woken && steady_clock::now() < until; ++next) {
    round.store(next, std::memory_order_release);
    for (uint64_t spins = next % 61; spins > 0; --spins) SpinPause();
    grace_periods.Synchronize();
    woken = Await(done, next);
  }
  end.store(true, std::memory_order_relaxed);
  grace_periods.Synchronize();  // To wake it if nobody has.
  sleeper.join();
  return woken;
}

TEST(SleepTest, WhoeverIsAboutToSleepAtTheEndOfTheLastGracePeriodIsWoken) {  // [P5]
  // Some short ones: whether the two threads run at the same time is luck.
  for (int storm = 0; storm < 6; ++storm) ASSERT_TRUE(SleepStorm(milliseconds(300)));
}

}  // namespace
}  // namespace rcu
