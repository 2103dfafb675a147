#include "rcu/per_cpu_readers.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/clock.h"

namespace rcu {
namespace {

// Counters that no section touches: the test counts.
class PerCpuReadersTest : public testing::Test {
 protected:
  void WaitForAll() {
    HoldoutWatch watch(log_, NowNs());
    readers_.WaitForAll(watch);
  }

  // Whether WaitForAll returns before `let_go` is called.
  template <class Function>
  bool ReturnsBefore(Function let_go) {
    std::atomic<bool> returned{false};
    std::thread writer([&] {
      WaitForAll();
      returned.store(true, std::memory_order_release);
    });
    // Long enough to return, as a rule, for one that does not wait.
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const bool early = returned.load(std::memory_order_acquire);
    let_go();
    writer.join();
    return early;
  }

  void Begin(size_t cpu, uint32_t phase) {
    readers_.counters()[cpu].begun[phase].fetch_add(1, std::memory_order_release);
  }
  void End(size_t cpu, uint32_t phase) {
    readers_.counters()[cpu].ended[phase].fetch_add(1, std::memory_order_release);
  }

  std::atomic<uint32_t> phase_{0};
  PerCpuReaders readers_{phase_};
  HoldoutLog log_{"test"};
};

TEST_F(PerCpuReadersTest, WaitsForASectionOfEitherPhase) {
  for (int i = 0; i < 4; ++i) {
    const auto section = static_cast<uint32_t>(i % 2);
    SCOPED_TRACE(section == phase_.load(std::memory_order_relaxed) ? "of the phase"
                                                                   : "of the other one");
    Begin(0, section);
    EXPECT_FALSE(ReturnsBefore([&] { End(0, section); }));
    // So that the next two have the other part each.
    if (i == 1) WaitForAll();
  }
}

TEST_F(PerCpuReadersTest, ASectionMayEndOnAnotherCpu) {
  if (PerCpuCount() < 2) GTEST_SKIP() << "needs two CPUs";
  const size_t last = PerCpuCount() - 1;
  Begin(0, 0);
  EXPECT_FALSE(ReturnsBefore([&] { End(last, 0); }));
  Begin(last, 1);
  EXPECT_FALSE(ReturnsBefore([&] { End(0, 1); }));
  WaitForAll();  // There is none left to wait for.
}

}  // namespace
}  // namespace rcu
