// Grace periods that one need not wait for: cookies that are polled.
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

template <class F>
struct CookieTest : testing::Test {
  using Flavor = F;
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(CookieTest, Flavors);

#define SKIP_IF_MISSING(D)                                    \
  if (const absl::Status status = D::Prepare(); !status.ok()) \
  GTEST_SKIP() << status.message()

TYPED_TEST(CookieTest, IsNotPassedUntilAGracePeriodHasBegunAndEnded) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  SKIP_IF_MISSING(D);
  const Cookie cookie = D::GetCookie();
  EXPECT_FALSE(D::Poll(cookie));
  D::Synchronize();
  EXPECT_TRUE(D::Poll(cookie));
  EXPECT_FALSE(D::Poll(D::GetCookie()));
  EXPECT_TRUE(D::Poll(Cookie()));
}

TYPED_TEST(CookieTest, AGracePeriodThatWasUnderWayDoesNotCount) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  SKIP_IF_MISSING(D);
  D::Online();
  D::lock();
  const Cookie before = D::GetCookie();
  std::thread writer([] { D::Synchronize(); });
  // Under way: a cookie of now is not the one of before.
  while (D::GetCookie() == before) sched_yield();
  const Cookie during = D::GetCookie();
  D::unlock();
  D::Offline();
  writer.join();
  EXPECT_TRUE(D::Poll(before));
  EXPECT_FALSE(D::Poll(during));
  D::Wait(during);
  EXPECT_TRUE(D::Poll(during));
}

TYPED_TEST(CookieTest, OneThatIsStartedPassesWithoutAnyonesHelp) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  SKIP_IF_MISSING(D);
  for (int i = 0; i < 20; ++i) {
    const Cookie cookie = D::StartGracePeriod();
    while (!D::Poll(cookie)) sched_yield();
  }
}

TYPED_TEST(CookieTest, DoesNotPassWhileASectionIsOpen) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  SKIP_IF_MISSING(D);
  D::Online();
  D::lock();
  const Cookie cookie = D::StartGracePeriod();
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  while (std::chrono::steady_clock::now() < until) {
    ASSERT_FALSE(D::Poll(cookie));
    sched_yield();
  }
  D::unlock();
  D::Offline();
  while (!D::Poll(cookie)) sched_yield();
}

TYPED_TEST(CookieTest, WaitingForAPassedOneReturnsAtOnceAndRunsNothing) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  SKIP_IF_MISSING(D);
  const Cookie cookie = D::GetCookie();
  D::Wait(cookie);
  const uint64_t before = D::Stats().grace_periods;
  D::Wait(cookie);
  EXPECT_EQ(D::Stats().grace_periods, before);
}

TYPED_TEST(CookieTest, NobodyWhoWaitsIsLeftAsleep) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  SKIP_IF_MISSING(D);
  // Many more threads than CPUs, that wait for one another's grace periods: one wake-up
  // that is lost, and the test does not end.
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i) {
        if (i % 16 == t) sched_yield();
        D::Wait(D::GetCookie());
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace rcu
