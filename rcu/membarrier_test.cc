#include "rcu/membarrier.h"

#include <linux/membarrier.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string>

#include "gtest/gtest.h"
#include "rcu/budget.h"
#include "rcu/child_process.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;

TEST(MembarrierModeTest, EachIsParsedByItsNameWithEitherDash) {
  for (MembarrierMode mode :
       {MembarrierMode::kExpedited, MembarrierMode::kNonExpedited,
        MembarrierMode::kGlobalExpedited, MembarrierMode::kAdaptive}) {
    const auto parsed = ParseMembarrierMode(MembarrierModeName(mode));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, mode);
  }
  EXPECT_EQ(*ParseMembarrierMode("global_expedited"), MembarrierMode::kGlobalExpedited);
}

TEST(MembarrierModeTest, AnUnknownOneIsAnsweredWithThoseThereAre) {
  const auto parsed = ParseMembarrierMode("fast");
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(parsed.status().message(),
            "no membarrier mode \"fast\"; there are expedited, non-expedited, "
            "global-expedited, adaptive");
}

// Where the machine forbids membarrier altogether nothing below says anything.
class MembarrierTest : public testing::Test {
 protected:
  void SetUp() override {
    const absl::Status status = PrepareMembarrier();
    if (!status.ok()) GTEST_SKIP() << status.message();
  }

  // Calls that `part` makes.
  template <class Part>
  static MembarrierCalls CallsOf(Part&& part) {
    const MembarrierCalls before = CountMembarrierCalls();
    part();
    const MembarrierCalls after = CountMembarrierCalls();
    return {.expedited = after.expedited - before.expedited,
            .non_expedited = after.non_expedited - before.non_expedited,
            .global_expedited = after.global_expedited - before.global_expedited};
  }
};

TEST_F(MembarrierTest, EachModeMakesItsOwnCall) {
  const auto expedited = CallsOf([] { HeavyFence(MembarrierMode::kExpedited); });
  EXPECT_EQ(expedited.expedited, 1u);
  EXPECT_EQ(expedited.non_expedited + expedited.global_expedited, 0u);
  const auto slow = CallsOf([] { HeavyFence(MembarrierMode::kNonExpedited); });
  EXPECT_EQ(slow.non_expedited, 1u);
  EXPECT_EQ(slow.expedited + slow.global_expedited, 0u);
  const auto global = CallsOf([] { HeavyFence(MembarrierMode::kGlobalExpedited); });
  EXPECT_EQ(global.global_expedited, 1u);
  EXPECT_EQ(global.expedited + global.non_expedited, 0u);
  const auto none = CallsOf([] { HeavyFence(MembarrierMode::kNone); });
  EXPECT_EQ(none.expedited + none.non_expedited + none.global_expedited, 0u);
}

TEST_F(MembarrierTest, AdaptiveIsExpeditedForWhoeverWaitsWithinTheBudget) {
  SetExpeditedBudget(10);
  const auto background =
      CallsOf([] { HeavyFence(MembarrierMode::kAdaptive, Urgency::kBackground); });
  EXPECT_EQ(background.expedited, 0u);
  EXPECT_EQ(background.non_expedited, 1u);
  // A burst of one, then what the budget allows while the slow calls pass.
  const auto waited = CallsOf([] {
    for (int i = 0; i < 5; ++i) HeavyFence(MembarrierMode::kAdaptive, Urgency::kWaited);
  });
  EXPECT_GE(waited.expedited, 1u);
  EXPECT_EQ(waited.expedited + waited.non_expedited, 5u);
  SetExpeditedBudget(0);
  const auto without = CallsOf([] { HeavyFence(MembarrierMode::kAdaptive); });
  EXPECT_EQ(without.expedited, 0u);
  SetExpeditedBudget(1000);
}

TEST(BudgetTest, ABurstOfATenthOfASecondThenSoManyASecond) {
  Budget budget(100);
  uint64_t now_ns = 5 * kSecondNs;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.Take(now_ns)) << i;
  EXPECT_FALSE(budget.Take(now_ns));
  now_ns += kSecondNs / 100;
  EXPECT_TRUE(budget.Take(now_ns));
  EXPECT_FALSE(budget.Take(now_ns));
  // However long nobody asks, the burst does not grow.
  now_ns += 100 * kSecondNs;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(budget.Take(now_ns)) << i;
  EXPECT_FALSE(budget.Take(now_ns));
}

TEST(BudgetTest, OneBelowTenASecondStillAllowsOneAtATime) {
  Budget budget(2);
  EXPECT_TRUE(budget.Take(kSecondNs));
  EXPECT_FALSE(budget.Take(kSecondNs));
  EXPECT_TRUE(budget.Take(kSecondNs + kSecondNs / 2));
}

TEST(BudgetTest, NoneAllowsNone) {
  Budget budget(0);
  EXPECT_FALSE(budget.Take(kSecondNs));
  EXPECT_FALSE(budget.Take(9 * kSecondNs));
}

// ---- The ladder: what each flavor says and does where the kernel refuses.

constexpr int kNoFilter = 77;

// For each answer of the kernel; Filtered() runs `check` in a child that gets it.
class RefusalTest : public testing::TestWithParam<int> {
 protected:
  static int Filtered(int only_command, int (*check)()) {
    const int error = GetParam();
    const int code = InChildProcess(
        [=] { return RefuseMembarrier(error, only_command) ? check() : kNoFilter; });
    return code;
  }
};

#define SKIP_IF_NO_FILTER(code) \
  if ((code) == kNoFilter) GTEST_SKIP() << "this system accepts no seccomp filter"

bool Names(const absl::Status& status, int error) {
  return status.code() == absl::StatusCode::kFailedPrecondition &&
         std::string(status.message()).find(strerror(error)) != std::string::npos;
}

TEST_P(RefusalTest, PrepareNamesTheCauseAndMbNeedsNothing) {
  static int error;
  error = GetParam();
  const int code = Filtered(-1, [] {
    if (!Names(MembDomain::Prepare(), error)) return 1;
    if (RseqDomain::Prepare().ok()) return 2;
    if (!MbDomain::Prepare().ok() || !QsbrDomain::Prepare().ok()) return 3;
    if (!SignalDomain::Prepare().ok()) return 4;
    // What the program falls back to works.
    { MbDomain::ReadGuard guard; }
    MbDomain::Retire(new int(1));
    MbDomain::Synchronize();
    MbDomain::Barrier();
    return 0;
  });
  SKIP_IF_NO_FILTER(code);
  EXPECT_EQ(code, 0);
}

TEST_P(RefusalTest, AModeThatAloneIsRefusedIsNotSetAndTheOldOneStays) {
  static int error;
  error = GetParam();
  // As under nohz_full, where GLOBAL is EINVAL.
  const int code = Filtered(MEMBARRIER_CMD_GLOBAL, [] {
    if (!MembDomain::Prepare().ok()) return 1;
    if (!Names(MembDomain::SetMembarrierMode(MembarrierMode::kNonExpedited), error)) {
      return 2;
    }
    if (!Names(MembDomain::SetMembarrierMode(MembarrierMode::kAdaptive), error)) return 3;
    if (MembDomain::membarrier_mode() != MembarrierMode::kExpedited) return 4;
    MembDomain::Synchronize();
    return 0;
  });
  SKIP_IF_NO_FILTER(code);
  EXPECT_EQ(code, 0);
}

TEST_P(RefusalTest, ACommandRefusedLaterIsReplacedByAnother) {
  const int code = Filtered(MEMBARRIER_CMD_PRIVATE_EXPEDITED, [] {
    const MembarrierCalls before = CountMembarrierCalls();
    HeavyFence(MembarrierMode::kExpedited);
    const MembarrierCalls after = CountMembarrierCalls();
    return after.expedited == before.expedited &&
                   after.non_expedited == before.non_expedited + 1
               ? 0
               : 1;
  });
  SKIP_IF_NO_FILTER(code);
  EXPECT_EQ(code, 0);
}

TEST_P(RefusalTest, WithoutAnyCommandNoGracePeriodEnds) {
  static int error;
  error = GetParam();
  const int code = InChildProcess([] {
    MembDomain::Synchronize();
    if (!RefuseMembarrier(error)) return kNoFilter;
    alarm(1);  // Ends the child: to return would be to free what readers hold.
    MembDomain::Synchronize();
    return 1;
  });
  SKIP_IF_NO_FILTER(code);
  EXPECT_EQ(code, 128 + SIGALRM);
}

INSTANTIATE_TEST_SUITE_P(Errors, RefusalTest, testing::Values(EPERM, ENOSYS),
                         [](const auto& test) {
                           return test.param == EPERM ? "EPERM" : "ENOSYS";
                         });

}  // namespace
}  // namespace rcu
