// Whether a grace period waits for the reader that it must wait for, at the grain of
// single instructions: a reader that storms through tiny sections, a writer that storms
// through grace periods, and the flavor that must fail.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/fence.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What no sound flavor may do: no fence of the machine in the reader, and none that
// reaches the reader in the writer. Sections as those of F.
template <class F>
struct Unfenced : F {
  static constexpr bool kUsesMembarrier = false;
  static void ReaderFence() { CompilerBarrier(); }
  static void WriterFence(MembarrierMode, Urgency) { FullFence(); }
};

struct Outcome {
  uint64_t sections = 0;
  uint64_t grace_periods = 0;
  uint64_t violations = 0;
};

// The writer publishes generation n + 1, waits for a grace period, and declares all
// generations up to n dead. A reader that sees the generation it holds declared dead was
// not waited for.
template <class D>
Outcome Storm(milliseconds time, bool until_violated) {
  struct alignas(64) Cell {
    std::atomic<uint64_t> value{0};
  };
  Cell current;
  Cell dead;
  Cell violations;
  Cell end;
  // Lines that the two sides take from one another. The reader's stores to them wait in
  // its store buffer, and its announcement behind them, while its loads run ahead: the
  // window that the fence has to close gets wide enough to be hit within moments.
  std::array<Cell, 40> clog;
  const auto store_all = [&clog](uint64_t value) {
    for (Cell& cell : clog) cell.value.store(value, std::memory_order_relaxed);
  };
  Outcome outcome;

  std::thread reader([&] {
    while (end.value.load(std::memory_order_relaxed) == 0) {
      store_all(outcome.sections);
      // In qsbr it is this that announces.
      typename D::OnlineGuard online;
      typename D::ReadGuard guard;
      const uint64_t held = current.value.load(std::memory_order_acquire);
      // As long as a writer that does not wait takes to declare it dead.
      for (int spin = 0; spin < 20; ++spin) SpinPause();
      if (dead.value.load(std::memory_order_acquire) > held) {
        violations.value.fetch_add(1, std::memory_order_relaxed);
      }
      ++outcome.sections;
    }
  });
  const auto until = steady_clock::now() + time;
  while (steady_clock::now() < until) {
    const uint64_t next = ++outcome.grace_periods;
    current.value.store(next, std::memory_order_release);
    D::Synchronize();
    dead.value.store(next, std::memory_order_release);
    store_all(next);
    if (until_violated && violations.value.load(std::memory_order_relaxed) > 0) break;
  }
  end.value.store(1, std::memory_order_relaxed);
  reader.join();
  outcome.violations = violations.value.load(std::memory_order_relaxed);
  return outcome;
}

template <class F>
class GracePeriodLitmusTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::thread::hardware_concurrency() < 2) {
      GTEST_SKIP() << "needs two CPUs: one never shows store buffering";
    }
    if (const absl::Status status = F::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(GracePeriodLitmusTest, Flavors);

template <class D>
void ExpectEveryReaderIsWaitedFor() {
  // Some short ones: whether the two threads run at the same time is luck.
  for (int storm = 0; storm < 4; ++storm) {
    const Outcome outcome = Storm<D>(milliseconds(250), false);
    EXPECT_EQ(outcome.violations, 0u) << outcome.grace_periods << " grace periods";
    EXPECT_GT(outcome.sections, 0u);
  }
}

TYPED_TEST(GracePeriodLitmusTest, EveryReaderIsWaitedFor) {
  struct Tag;
  using D = Domain<TypeParam, Tag>;
  if (!TypeParam::kUsesMembarrier) {
    ExpectEveryReaderIsWaitedFor<D>();
    return;
  }
  int modes = 0;
  for (MembarrierMode mode :
       {MembarrierMode::kExpedited, MembarrierMode::kNonExpedited,
        MembarrierMode::kGlobalExpedited, MembarrierMode::kAdaptive}) {
    SCOPED_TRACE(MembarrierModeName(mode));
    if (const absl::Status status = D::SetMembarrierMode(mode); status.ok()) {
      ExpectEveryReaderIsWaitedFor<D>();
      ++modes;
    } else {
      std::cout << status << "\n";
    }
  }
  EXPECT_GT(modes, 0);
}

TYPED_TEST(GracePeriodLitmusTest, WithoutItsFencesSomeReaderIsNotWaitedFor) {
#if defined(__aarch64__)
  GTEST_SKIP() << "aarch64 keeps the section's first load, an ldar, behind the "
                  "announcement, an stlr: nothing can go wrong in this storm";
#endif
  struct Tag;
  const Outcome outcome =
      Storm<Domain<Unfenced<TypeParam>, Tag>>(milliseconds(200'000), true);
  EXPECT_GT(outcome.violations, 0u) << outcome.grace_periods << " grace periods";
}

// A thread that runs grace periods one after another, and reads in between, against one
// that unlinks, takes a cookie, and polls: the grace period that makes the cookie pass
// must have begun after the unlink, or the reader still finds what is declared dead.
template <class D>
uint64_t CookieStorm(milliseconds time) {
  struct alignas(64) Cell {
    std::atomic<uint64_t> value{0};
  };
  Cell current;
  Cell dead;
  Cell end;
  std::array<Cell, 40> clog;  // As above.
  const auto store_all = [&clog](uint64_t value) {
    for (Cell& cell : clog) cell.value.store(value, std::memory_order_relaxed);
  };
  uint64_t violations = 0;

  std::thread reader([&] {
    for (uint64_t i = 1; end.value.load(std::memory_order_relaxed) == 0; ++i) {
      store_all(i);
      D::Synchronize();
      typename D::ReadGuard guard;
      const uint64_t held = current.value.load(std::memory_order_acquire);
      for (int spin = 0; spin < 20; ++spin) SpinPause();
      if (dead.value.load(std::memory_order_acquire) > held) ++violations;
    }
  });
  const auto until = steady_clock::now() + time;
  for (uint64_t next = 1; steady_clock::now() < until; ++next) {
    store_all(next);
    current.value.store(next, std::memory_order_release);
    const Cookie cookie = D::GetCookie();
    while (!D::Poll(cookie)) SpinPause();
    dead.value.store(next, std::memory_order_release);
  }
  end.value.store(1, std::memory_order_relaxed);
  reader.join();
  return violations;
}

TEST(CookieLitmusTest, ACookieDoesNotPassByAGracePeriodThatBeganBeforeTheUnlink) {
  struct Tag;
  using D = Domain<Mb, Tag>;
  for (int storm = 0; storm < 6; ++storm)
    EXPECT_EQ(CookieStorm<D>(milliseconds(250)), 0u);
}

}  // namespace
}  // namespace rcu
