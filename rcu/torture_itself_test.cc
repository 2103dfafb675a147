// What torture_test is worth: the same storm, with a writer that does not wait.
#include <chrono>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/torture.h"

namespace rcu {
namespace {

TEST(TortureItselfTest, CatchesAWriterThatDoesNotWait) {
  struct Tag;
  using D = Domain<Memb, Tag>;
  Torture<D> torture;
  const Report report = torture.Run(
      {}, [](Object* object) { Pool::Reclaim(object); },
      std::chrono::steady_clock::now() + TortureDuration());
  EXPECT_GT(report.broken, 0u);
}

TEST(TortureItselfTest, CatchesAnObjectThatIsReclaimedTwice) {
  struct Tag;
  using D = Domain<Memb, Tag>;
  Torture<D> torture;
  torture.Run(
      {},
      [](Object* object) {
        D::Synchronize();
        Pool::Reclaim(object);
        Pool::Reclaim(object);
      },
      std::chrono::steady_clock::now() + TortureDuration());
  EXPECT_GT(torture.pool().ReclaimedTimes(2), 0u);
}

}  // namespace
}  // namespace rcu
