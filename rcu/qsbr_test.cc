// Flavor qsbr: sections that nobody can tell, and threads that say when they are in none.
// What it has in common with the others is in domain_test.
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

void DwellABit() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  while (std::chrono::steady_clock::now() < until) sched_yield();
}

// A thread that synchronizes; says when it is done.
template <class D>
class Writer {
 public:
  Writer()
      : thread_([this] {
          D::Synchronize();
          done_.store(true, std::memory_order_release);
        }) {}
  ~Writer() { thread_.join(); }
  bool IsDone() const { return done_.load(std::memory_order_acquire); }
  void WaitUntilDone() const {
    while (!IsDone()) sched_yield();
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

TEST(QsbrTest, AThreadThatIsOnlineIsWaitedForUntilItIsQuiescent) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  D::Online();
  Writer<D> writer;
  {
    D::ReadGuard guard;
    DwellABit();
  }
  // The end of a section is nothing that it announces.
  DwellABit();
  EXPECT_FALSE(writer.IsDone());
  while (!writer.IsDone()) D::Quiesce();
  D::Offline();
}

TEST(QsbrTest, AThreadThatGoesOfflineIsWaitedForNoLonger) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  D::Online();
  Writer<D> writer;
  DwellABit();
  EXPECT_FALSE(writer.IsDone());
  D::Offline();
  EXPECT_FALSE(D::InSection());
  writer.WaitUntilDone();
}

TEST(QsbrTest, AThreadThatWasNeverOnlineIsNotWaitedFor) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  D::Quiesce();
  D::Offline();
  D::Synchronize();
  EXPECT_EQ(D::Stats().readers, 0u);
}

TEST(QsbrTest, WhoeverSynchronizesIsOfflineMeanwhileAndOnlineAfter) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  D::OnlineGuard online;
  D::Synchronize();
  D::Retire(new int(1));
  D::Barrier();
  EXPECT_TRUE(D::InSection());
}

TEST(QsbrTest, OnlineGuardsNest) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  {
    D::OnlineGuard outer;
    { D::OnlineGuard inner; }
    EXPECT_TRUE(D::InSection());
    { D::WriteGuard writer; }
    EXPECT_TRUE(D::InSection());
  }
  EXPECT_FALSE(D::InSection());
}

TEST(QsbrTest, AnotherGracePeriodNeedsAnotherQuiescentState) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  D::Online();
  for (int i = 0; i < 3; ++i) {
    Writer<D> writer;
    DwellABit();
    EXPECT_FALSE(writer.IsDone());
    while (!writer.IsDone()) D::Quiesce();
  }
  D::Offline();
}

TEST(QsbrTest, AThreadThatEndsOnlineHoldsNobodyUp) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  std::thread([] { D::Online(); }).join();
  D::Synchronize();
  EXPECT_EQ(D::Stats().readers, 0u);
}

TEST(QsbrTest, AThreadThatRetiresWhileOnlineWaitsForRoomAtItsNextQuiescentState) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  constexpr size_t kBytes = size_t{1} << 20;
  D::SetBacklogLimit(4 * kBytes);
  D::OnlineGuard online;
  uint64_t most = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 8; ++i) D::Retire(new int(i), kBytes);
    most = std::max(most, D::Stats().backlog_bytes);
    D::Quiesce();
    // What was past the limit when it was quiescent has been waited for.
    EXPECT_LE(D::Stats().backlog_bytes, 4 * kBytes);
  }
  // The limit, and what one round adds.
  EXPECT_LE(most, 13 * kBytes);
}

TEST(QsbrTest, OrWhenItGoesOffline) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  constexpr size_t kBytes = size_t{1} << 20;
  D::SetBacklogLimit(4 * kBytes);
  for (int round = 0; round < 200; ++round) {
    {
      D::OnlineGuard online;
      for (int i = 0; i < 8; ++i) D::Retire(new int(i), kBytes);
    }
    EXPECT_LE(D::Stats().backlog_bytes, 4 * kBytes);
  }
}

}  // namespace
}  // namespace rcu
