// The reclaimer with a fence that the test has a hand in: what happens at that moment
// need not be hit by chance.
#include "rcu/reclaimer.h"

#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "gtest/gtest.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct NoReaders final : Readers {
  void WaitForAll(HoldoutWatch&) override {}
  bool HaveAllEnded() override { return true; }
};

// One that nothing else has to do with. Never destroyed, as its reclaimer never ends.
struct Apparatus {
  // What a fence of the reclaimer's sleep, and of a grace period, does.
  static inline std::atomic<void (*)()> at_sleep{nullptr};
  static inline std::atomic<void (*)()> at_grace_period{nullptr};

  static void Fence(MembarrierMode, Urgency urgency) {
    auto& hook = urgency == Urgency::kBackground ? at_sleep : at_grace_period;
    if (auto* call = hook.exchange(nullptr, std::memory_order_acq_rel)) call();
  }

  static Apparatus& Get() {
    static Apparatus* const apparatus = new Apparatus;
    return *apparatus;
  }

  // Of one thread at a time.
  void Retire() {
    queue->Push({this,
                 [](void* self) {
                   static_cast<Apparatus*>(self)->reclaimed.fetch_add(
                       1, std::memory_order_release);
                 },
                 /*bytes=*/1, /*on_any_thread=*/0});
  }

  bool AwaitReclaimed(int count) {
    const auto until = steady_clock::now() + std::chrono::seconds(20);
    while (reclaimed.load(std::memory_order_acquire) < count) {
      if (steady_clock::now() > until) return false;
      sched_yield();
    }
    return true;
  }

  Apparatus() { record->retired.store(queue, std::memory_order_release); }

  NoReaders readers;
  Registry registry;
  GracePeriods grace_periods{"test", readers, &Fence, MembarrierMode::kNone};
  std::atomic<bool> idle{true};
  Reclaimer reclaimer{registry, grace_periods, idle};
  ThreadRecord* const record = registry.Acquire();
  RetireQueue* const queue = new RetireQueue;
  std::atomic<int> reclaimed{0};
};

// [I1] Whoever retires while the reclaimer says that it sleeps, and has not seen it say
// so, relies on the reclaimer's second look.
TEST(ReclaimerTest, FindsWhatWasQueuedJustBeforeItFellAsleep) {
  Apparatus& apparatus = Apparatus::Get();
  static std::atomic<bool> was_idle{false};
  Apparatus::at_sleep.store(
      [] {
        was_idle.store(Apparatus::Get().idle.load(std::memory_order_relaxed),
                       std::memory_order_relaxed);
        Apparatus::Get().Retire();
      },
      std::memory_order_release);
  const int before = apparatus.reclaimed.load(std::memory_order_relaxed);
  apparatus.reclaimer.Wake();  // It finds nothing, and goes to sleep.
  EXPECT_TRUE(apparatus.AwaitReclaimed(before + 1)) << "the wake-up was lost";
  EXPECT_TRUE(was_idle.load(std::memory_order_relaxed));
}

TEST(ReclaimerTest, BarrierWaitsForWhatARunningPassLeavesOut) {
  Apparatus& apparatus = Apparatus::Get();
  static std::atomic<bool> under_way{false};
  static std::atomic<bool> go_on{false};
  Apparatus::at_grace_period.store(
      [] {
        under_way.store(true, std::memory_order_release);
        while (!go_on.load(std::memory_order_acquire)) sched_yield();
      },
      std::memory_order_release);
  apparatus.reclaimer.StartPass();
  while (!under_way.load(std::memory_order_acquire)) sched_yield();
  // The pass has its marks; what comes now is for the next one.
  const int before = apparatus.reclaimed.load(std::memory_order_relaxed);
  int at_return = before;
  std::thread waiter([&] {
    apparatus.Retire();
    apparatus.reclaimer.Barrier();
    at_return = apparatus.reclaimed.load(std::memory_order_acquire);
  });
  // Long enough to be waiting, as a rule. Passing does not depend on it.
  std::this_thread::sleep_for(milliseconds(30));
  go_on.store(true, std::memory_order_release);
  waiter.join();
  EXPECT_EQ(at_return, before + 1);
}

}  // namespace
}  // namespace rcu
