// Readers against writers, in every flavor and way to reclaim.
#include "rcu/torture.h"

#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

template <class F>
struct TortureTest : testing::Test {
  using Flavor = F;
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(TortureTest, Flavors);

TYPED_TEST(TortureTest, NoReaderHoldsWhatRetireHasReclaimed) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  StormAndExpectSound<D>({}, &RetireOne<D>);
}

TYPED_TEST(TortureTest, NoReaderHoldsWhatWasFreedAfterSynchronize) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  StormAndExpectSound<D>({}, &SynchronizeAndReclaim<D>);
}

TYPED_TEST(TortureTest, ReadersThatComeAndGoAreWaitedFor) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  StormAndExpectSound<D>({.sections_per_thread = 500}, &SynchronizeAndReclaim<D>);
}

TYPED_TEST(TortureTest, ATinyBacklogLimitLosesNothing) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D::SetBacklogLimit(4096);
  StormAndExpectSound<D>({.meanwhile = &D::Barrier}, &RetireOne<D>);
}

TEST(MembTortureTest, SwitchingTheModeUnderLoadBreaksNothing) {
  struct Tag;
  using D = Domain<Memb, Tag>;
  ASSERT_TRUE(D::Prepare().ok());
  StormAndExpectSound<D>(
      {.meanwhile =
           [] {
             const bool expedited = D::membarrier_mode() == MembarrierMode::kExpedited;
             (void)D::SetMembarrierMode(expedited ? MembarrierMode::kNonExpedited
                                                  : MembarrierMode::kExpedited);
             D::Synchronize();
           }},
      &SynchronizeAndReclaim<D>);
}

}  // namespace
}  // namespace rcu
