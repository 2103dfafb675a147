// pthread_cancel: a thread that is cancelled in a grace period breaks nobody else's.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

template <class F>
struct CancellationTest : testing::Test {
  using Flavor = F;
  void SetUp() override {
    if (const absl::Status status = F::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(CancellationTest, Flavors);

// Synchronizes, says so, and is a thread that can be cancelled; then it waits to be.
template <class D>
void* SynchronizeThenWait(void* done) {
  D::Synchronize();
  static_cast<std::atomic<int>*>(done)->fetch_add(1, std::memory_order_release);
  for (;;) pause();
}

TYPED_TEST(CancellationTest, AThreadThatIsCancelledInSynchronizeWaitsNoLess) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<int> done{0};
  D::Online();
  D::lock();
  const Cookie before = D::GetCookie();
  // One runs the grace period, the other sleeps for its end.
  pthread_t runs;
  ASSERT_EQ(pthread_create(&runs, nullptr, &SynchronizeThenWait<D>, &done), 0);
  while (D::GetCookie() == before) sched_yield();
  pthread_t sleeps;
  ASSERT_EQ(pthread_create(&sleeps, nullptr, &SynchronizeThenWait<D>, &done), 0);
  std::thread uninvolved([] { D::Synchronize(); });
  // Long enough, as a rule, for both to be where they wait, before and after. Passing
  // does not depend on it.
  const auto pause = std::chrono::milliseconds(20);
  std::this_thread::sleep_for(pause);
  ASSERT_EQ(pthread_cancel(runs), 0);
  ASSERT_EQ(pthread_cancel(sleeps), 0);
  std::this_thread::sleep_for(pause);
  EXPECT_EQ(done.load(std::memory_order_acquire), 0);
  EXPECT_FALSE(D::Poll(before));
  D::unlock();
  D::Offline();

  for (pthread_t thread : {runs, sleeps}) {
    void* result = nullptr;
    ASSERT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, PTHREAD_CANCELED);
  }
  EXPECT_EQ(done.load(std::memory_order_acquire), 2);
  uninvolved.join();
  D::Synchronize();
  D::Retire(new int(1));
  D::Barrier();
}

template <class D>
void* WaitForBarrier(void* done) {
  D::Barrier();
  static_cast<std::atomic<int>*>(done)->store(1, std::memory_order_release);
  pthread_testcancel();
  return nullptr;
}

TYPED_TEST(CancellationTest, AThreadThatIsCancelledInBarrierWaitsNoLess) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<int> done{0};
  std::atomic<int> reclaimed{0};
  D::Online();
  D::lock();
  D::Retire(
      &reclaimed,
      [](void* count) {
        static_cast<std::atomic<int>*>(count)->store(1, std::memory_order_relaxed);
      },
      sizeof(reclaimed));
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, &WaitForBarrier<D>, &done), 0);
  ASSERT_EQ(pthread_cancel(thread), 0);
  // Long enough, as a rule, for it to be cancelled. Passing does not depend on it.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(done.load(std::memory_order_acquire), 0);
  D::unlock();
  D::Offline();
  void* result = nullptr;
  ASSERT_EQ(pthread_join(thread, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  EXPECT_EQ(done.load(std::memory_order_acquire), 1);
  EXPECT_EQ(reclaimed.load(std::memory_order_relaxed), 1);
}

// Retires past the limit, outside a section where that is known, till it is cancelled.
template <class D>
void* RetireWithoutEnd(void* retired) {
  for (;;) {
    D::Retire(
        nullptr, [](void*) {}, /*bytes=*/1 << 20);
    D::Offline();
    static_cast<std::atomic<int>*>(retired)->fetch_add(1, std::memory_order_release);
    pthread_testcancel();
  }
}

TYPED_TEST(CancellationTest, AThreadThatIsCancelledWhileItWaitsForRoomWaitsNoLess) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  constexpr int kLimit = 8;  // MiB
  D::SetBacklogLimit(size_t{kLimit} << 20);
  std::atomic<int> retired{0};
  D::Online();
  D::lock();
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, nullptr, &RetireWithoutEnd<D>, &retired), 0);
  while (retired.load(std::memory_order_acquire) < kLimit - 1) sched_yield();
  // Long enough, as a rule, for it to wait for room. Passing does not depend on it.
  const auto pause = std::chrono::milliseconds(20);
  std::this_thread::sleep_for(pause);
  ASSERT_EQ(pthread_cancel(thread), 0);
  std::this_thread::sleep_for(pause);
  EXPECT_EQ(retired.load(std::memory_order_acquire), kLimit - 1);
  D::unlock();
  D::Offline();
  void* result = nullptr;
  ASSERT_EQ(pthread_join(thread, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  D::Barrier();
}

}  // namespace
}  // namespace rcu
