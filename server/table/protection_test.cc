#include "server/table/protection.h"

#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <latch>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "rcu/holdout.h"
#include "rcu/membarrier.h"
#include "server/table/flavors_for_test.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

TEST(ParseFlavor, KnowsTheNameOfEachFlavor) {
  for (Flavor flavor : AllFlavors()) {
    EXPECT_EQ(ParseFlavor(FlavorName(flavor)).value(), flavor);
  }
}

TEST(ParseFlavor, NamesWhatThereIsWhenItKnowsNoSuchFlavor) {
  const absl::Status status = ParseFlavor("urcu\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      status.message(),
      "unknown flavor \"urcu\\n\"; there are: mb, memb, signal, qsbr, rseq, rwlock, "
      "mutex");
}

class ProtectionTest : public FlavorTest {
 protected:
  // An entry that no table has any more.
  const rcu::Entry* Unlinked() { return rcu::Entry::New("key", "value").release(); }
  bool is_rcu() const { return HasGracePeriods(GetParam()); }
};

TEST_P(ProtectionTest, SaysWhichFlavorItIs) {
  EXPECT_EQ(protection().flavor(), GetParam());
}

TEST_P(ProtectionTest, NewTableHasItsNameAndIsEmpty) {
  const std::unique_ptr<Table> table = protection().NewTable("routes");
  EXPECT_EQ(table->name(), "routes");
  EXPECT_EQ(table->Size().entries, 0u);
}

// That each entry is freed once, and no earlier, is for the sanitizers to see.
TEST_P(ProtectionTest, CallRcuFreesInTheBackground) {
  for (int i = 0; i < 100; ++i) {
    const std::vector<const rcu::Entry*> unlinked = {Unlinked(), Unlinked()};
    protection().Reclaim(unlinked, ReclaimMode::kCallRcu);
  }
  protection().Barrier();
  EXPECT_EQ(protection().Stats().backlog_objects, 0u);
}

TEST_P(ProtectionTest, SynchronizeFreesABatchWithinOneGracePeriod) {
  protection().Barrier();
  const uint64_t before = protection().Stats().grace_periods;
  const std::vector<const rcu::Entry*> unlinked = {Unlinked(), Unlinked(), Unlinked()};
  protection().Reclaim(unlinked, ReclaimMode::kSynchronize);
  EXPECT_EQ(protection().Stats().backlog_objects, 0u);
  EXPECT_EQ(protection().Stats().grace_periods - before, is_rcu() ? 1u : 0u);
}

TEST_P(ProtectionTest, NothingToReclaimCostsNoGracePeriod) {
  protection().Barrier();
  const uint64_t before = protection().Stats().grace_periods;
  protection().Reclaim({}, ReclaimMode::kSynchronize);
  EXPECT_EQ(protection().Stats().grace_periods, before);
}

TEST_P(ProtectionTest, MembarrierModeIsSwitchedWhereTheFlavorHasOne) {
  const bool has_modes = UsesMembarrier(GetParam());
  EXPECT_EQ(protection().membarrier_mode(),
            has_modes ? rcu::MembarrierMode::kExpedited : rcu::MembarrierMode::kNone);
  for (rcu::MembarrierMode mode :
       {rcu::MembarrierMode::kNonExpedited, rcu::MembarrierMode::kGlobalExpedited,
        rcu::MembarrierMode::kAdaptive, rcu::MembarrierMode::kExpedited}) {
    const absl::Status status = protection().SetMembarrierMode(mode);
    if (!has_modes) {
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    } else if (status.ok()) {
      EXPECT_EQ(protection().membarrier_mode(), mode);
    } else {
      printf("not tried: %s\n", status.ToString().c_str());
    }
  }
}

TEST_P(ProtectionTest, EveryGracePeriodIsInTheHistogram) {
  const std::vector<const rcu::Entry*> unlinked = {Unlinked()};
  protection().Reclaim(unlinked, ReclaimMode::kSynchronize);
  const rcu::DomainStats stats = protection().Stats();
  EXPECT_EQ(stats.latency.Count(), stats.grace_periods);
  EXPECT_EQ(stats.latency.Count() > 0, is_rcu());
}

// A lookup that waits, as none should, in the middle of its section.
TEST_P(ProtectionTest, AReaderThatHoldsAGracePeriodUpIsNamed) {
  if (!is_rcu()) GTEST_SKIP() << "a lock has no grace periods";
  protection().SetHoldoutLimit(std::chrono::milliseconds(1));
  const std::unique_ptr<Table> table = protection().NewTable("routes");
  EXPECT_EQ(table->Upsert(rcu::Entry::New("key", "value")), nullptr);
  const uint64_t before = protection().Stats().holdouts;
  std::latch inside(1);
  std::thread reader([&] {
    pthread_setname_np(pthread_self(), "slow-reader");
    table->LookupOne("key", [&](const rcu::Entry*) {
      inside.count_down();
      while (protection().Stats().holdouts == before) std::this_thread::yield();
    });
  });
  inside.wait();
  const std::vector<const rcu::Entry*> unlinked = {Unlinked()};
  protection().Reclaim(unlinked, ReclaimMode::kSynchronize);
  reader.join();
  protection().SetHoldoutLimit(rcu::HoldoutLog::kDefaultLimit);

  EXPECT_EQ(protection().Stats().holdouts, before + 1);
  const std::optional<rcu::Holdout> holdout = protection().LastHoldout();
  ASSERT_TRUE(holdout.has_value());
  EXPECT_EQ(holdout->flavor, FlavorName(GetParam()));
  EXPECT_GE(holdout->waited, std::chrono::milliseconds(1));
  // rseq does not know its readers.
  EXPECT_EQ(holdout->thread_name, GetParam() == Flavor::kRseq ? "" : "slow-reader");
}

INSTANTIATE_TEST_SUITE_P(Flavors, ProtectionTest, EveryFlavor(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
