// Litmus tests of the asymmetric fence: each beside the variant that must fail.
//
// A reader runs on all the time, and storms through the window that a fence of the writer
// would have to close. In every round:
//
//   reader                          writer
//   x = 1, 2, 3, ...                y = round
//   light fence                     heavy fence
//   seen[y == round] = x            s = x
//
// Store buffering: when the reader stored i, then still missed the writer's y, the writer
// must see x >= i after its fence. Without the heavy fence both sides read too early.
//
// Store buffering is the one shape that x86-64 reorders. Message passing and load
// buffering need fences on other machines alone, where model/litmus.pml shows them.
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "rcu/fence.h"
#include "rcu/membarrier.h"
#include "rcu/signal_fence.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct Outcome {
  uint64_t rounds = 0;
  uint64_t violations = 0;
};

// The thread is one that the signal fence reaches.
class [[nodiscard]] SignalFenceMember {
 public:
  SignalFenceMember() { JoinSignalFence(); }
  ~SignalFenceMember() { LeaveSignalFence(); }
  SignalFenceMember(const SignalFenceMember&) = delete;
  SignalFenceMember& operator=(const SignalFenceMember&) = delete;
};

// Counts rounds in which the reader and the writer missed each other, until `stop(rounds,
// violations)`.
template <class LightFence, class HeavyFenceOf, class Stop>
Outcome StoreBuffering(LightFence light, HeavyFenceOf heavy, Stop stop) {
  // Each in a cache line of its own. All accesses relaxed: the fences are under test.
  struct alignas(64) Cell {
    std::atomic<uint64_t> value{0};
  };
  Cell x;
  Cell y;
  // The newest x of the reader with which it missed y of the round; its last one is
  // published, release to acquire, when the reader has seen y.
  Cell missed;
  Cell round_seen;
  Cell end;

  std::thread reader([&] {
    SignalFenceMember member;
    uint64_t i = 0;
    uint64_t round = 1;
    uint64_t last_missed = 0;
    while (end.value.load(std::memory_order_relaxed) == 0) {
      x.value.store(++i, std::memory_order_relaxed);
      light();
      const uint64_t seen = y.value.load(std::memory_order_relaxed);
      if (seen < round) {
        last_missed = i;
        continue;
      }
      missed.value.store(last_missed, std::memory_order_relaxed);
      round_seen.value.store(round, std::memory_order_release);
      ++round;
    }
  });

  SignalFenceMember member;
  Outcome outcome;
  while (!stop(outcome.rounds, outcome.violations)) {
    const uint64_t round = ++outcome.rounds;
    y.value.store(round, std::memory_order_relaxed);
    heavy();
    const uint64_t seen = x.value.load(std::memory_order_relaxed);
    while (round_seen.value.load(std::memory_order_acquire) != round) SpinPause();
    if (missed.value.load(std::memory_order_relaxed) > seen) ++outcome.violations;
  }
  end.value.store(1, std::memory_order_relaxed);
  reader.join();
  return outcome;
}

bool TwoCpus() { return std::thread::hardware_concurrency() >= 2; }

// Until the first violation: a machine with two CPUs shows it within moments. A minute is
// the bound, for one that does other things as well.
template <class LightFence, class Heavy>
Outcome UntilViolated(LightFence light, Heavy heavy) {
  const auto until = steady_clock::now() + seconds(60);
  return StoreBuffering(light, heavy, [until](uint64_t rounds, uint64_t violations) {
    return violations > 0 || (rounds % 1024 == 0 && steady_clock::now() > until);
  });
}

// For `time`, and longer where a machine that does other things as well needs that for
// `rounds_min` rounds.
template <class LightFence, class Heavy>
Outcome For(milliseconds time, LightFence light, Heavy heavy, uint64_t rounds_min = 10) {
  const auto until = steady_clock::now() + time;
  return StoreBuffering(light, heavy, [=](uint64_t rounds, uint64_t) {
    return rounds >= rounds_min && steady_clock::now() > until;
  });
}

class LitmusTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!TwoCpus()) GTEST_SKIP() << "needs two CPUs: one never shows store buffering";
  }
};

TEST_F(LitmusTest, CompilerBarriersAloneLetBothSidesMissEachOther) {
  EXPECT_GT(UntilViolated(CompilerBarrier, CompilerBarrier).violations, 0u);
}

TEST_F(LitmusTest, AFullFenceOfTheWriterAloneDoesNotHelp) {
  EXPECT_GT(UntilViolated(CompilerBarrier, FullFence).violations, 0u);
}

TEST_F(LitmusTest, AFullFenceOfTheReaderAloneDoesNotHelp) {
  EXPECT_GT(UntilViolated(FullFence, CompilerBarrier).violations, 0u);
}

TEST_F(LitmusTest, FullFencesOnBothSidesOrder) {
  EXPECT_EQ(For(milliseconds(500), FullFence, FullFence).violations, 0u);
}

struct HeavyFenceKind {
  const char* name;
  void (*fence)();
  absl::Status (*prepare)();
  // That a storm does at least, however long they take.
  uint64_t rounds_min;
};

template <MembarrierMode mode>
constexpr HeavyFenceKind Membarrier(const char* name, uint64_t rounds_min) {
  return {name, [] { HeavyFence(mode); }, [] { return CheckMembarrier(mode); },
          rounds_min};
}

// Each of the fences that reach other threads.
class HeavyLitmusTest : public testing::TestWithParam<HeavyFenceKind> {
 protected:
  void SetUp() override {
    if (!TwoCpus()) GTEST_SKIP() << "needs two CPUs: one never shows store buffering";
    if (const absl::Status status = GetParam().prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }

  void ExpectOrderedWith(void (*light)()) {
    const Outcome outcome =
        For(milliseconds(700), light, GetParam().fence, GetParam().rounds_min);
    EXPECT_EQ(outcome.violations, 0u) << "of " << outcome.rounds << " rounds";
  }
};

TEST_P(HeavyLitmusTest, PairsWithACompilerBarrier) {
  ExpectOrderedWith(&CompilerBarrier);
}

TEST_P(HeavyLitmusTest, PairsWithAFullFence) { ExpectOrderedWith(&FullFence); }

TEST_P(HeavyLitmusTest, PairsWithItself) { ExpectOrderedWith(GetParam().fence); }

INSTANTIATE_TEST_SUITE_P(
    , HeavyLitmusTest,
    testing::Values(Membarrier<MembarrierMode::kExpedited>("expedited", 50),
                    Membarrier<MembarrierMode::kNonExpedited>("non_expedited", 10),
                    Membarrier<MembarrierMode::kGlobalExpedited>("global_expedited", 50),
                    Membarrier<MembarrierMode::kAdaptive>("adaptive", 10),
                    HeavyFenceKind{"signal", &SignalFence, &PrepareSignalFence, 50}),
    [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace rcu
