#include "server/table/protection.h"

#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/table/flavors_for_test.h"

namespace rcukv {
namespace {

TEST(ParseFlavor, KnowsTheNameOfEachFlavor) {
  for (Flavor flavor : {Flavor::kMb, Flavor::kMemb, Flavor::kRwlock}) {
    EXPECT_EQ(ParseFlavor(FlavorName(flavor)).value(), flavor);
  }
}

TEST(ParseFlavor, NamesWhatThereIsWhenItKnowsNoSuchFlavor) {
  const absl::Status status = ParseFlavor("qsbr\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "unknown flavor \"qsbr\\n\"; there are: mb, memb, rwlock");
}

class ProtectionTest : public FlavorTest {
 protected:
  // An entry that no table has any more.
  const rcu::Entry* Unlinked() { return rcu::Entry::New("key", "value").release(); }
  bool is_rcu() const { return GetParam() != Flavor::kRwlock; }
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
  const bool has_modes = GetParam() == Flavor::kMemb;
  EXPECT_EQ(protection().membarrier_mode(),
            has_modes ? rcu::MembarrierMode::kExpedited : rcu::MembarrierMode::kNone);
  const absl::Status status =
      protection().SetMembarrierMode(rcu::MembarrierMode::kNonExpedited);
  if (!has_modes) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return;
  }
  if (!status.ok()) GTEST_SKIP() << status;
  EXPECT_EQ(protection().membarrier_mode(), rcu::MembarrierMode::kNonExpedited);
  EXPECT_EQ(protection().SetMembarrierMode(rcu::MembarrierMode::kExpedited),
            absl::OkStatus());
}

INSTANTIATE_TEST_SUITE_P(Flavors, ProtectionTest, AllFlavors(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
