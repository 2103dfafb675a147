// Guarantee (f): the child of a process that used a domain can use it.
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/child_process.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

template <class F>
struct ForkTest : testing::Test {
  using Flavor = F;
  void SetUp() override {
    if (const absl::Status status = F::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(ForkTest, Flavors);

std::atomic<int> frees{0};

struct Counted {
  ~Counted() { frees.fetch_add(1, std::memory_order_relaxed); }
};

// What UseEverything retires, and nobody else.
std::atomic<int> own_frees{0};

struct Own {
  ~Own() { own_frees.fetch_add(1, std::memory_order_relaxed); }
};

// Everything that one does with a domain. Returns 0, as an exit code.
template <class D>
int UseEverything() {
  const int before = own_frees.load(std::memory_order_relaxed);
  {
    typename D::OnlineGuard online;
    typename D::ReadGuard guard;
    D::Retire(new Own);
  }
  D::Synchronize();
  D::Barrier();
  if (own_frees.load(std::memory_order_relaxed) != before + 1) return 2;
  bool read = false;
  std::thread([&read] {
    typename D::OnlineGuard online;
    typename D::ReadGuard guard;
    read = D::InSection();
  }).join();
  const Cookie cookie = D::StartGracePeriod();
  while (!D::Poll(cookie)) sched_yield();
  return read ? 0 : 3;
}

TYPED_TEST(ForkTest, TheChildUsesItLikeTheParent) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  EXPECT_EQ(UseEverything<D>(), 0);
  EXPECT_EQ(InChildProcess([] { return UseEverything<D>(); }), 0);
  EXPECT_EQ(UseEverything<D>(), 0);
}

TYPED_TEST(ForkTest, AChildOfAChildToo) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  EXPECT_EQ(UseEverything<D>(), 0);
  const int code = InChildProcess([] {
    if (const int own = UseEverything<D>(); own != 0) return own;
    return InChildProcess([] { return UseEverything<D>(); });
  });
  EXPECT_EQ(code, 0);
}

TYPED_TEST(ForkTest, SectionsOfTheParentsOtherThreadsAreOverInTheChild) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<bool> inside{false};
  std::atomic<bool> end{false};
  std::thread reader([&] {
    typename D::OnlineGuard online;
    typename D::ReadGuard guard;
    inside.store(true, std::memory_order_release);
    while (!end.load(std::memory_order_acquire)) sched_yield();
  });
  while (!inside.load(std::memory_order_acquire)) sched_yield();
  // The parent has a grace period under way, too, which waits for the reader.
  const Cookie before = D::GetCookie();
  std::thread writer([] { D::Synchronize(); });
  while (D::GetCookie() == before) sched_yield();
  const int code = InChildProcess([&] {
    if (D::Poll(before)) return 1;
    if (const int own = UseEverything<D>(); own != 0) return own;
    return D::Poll(before) ? 0 : 4;
  });
  EXPECT_FALSE(D::Poll(before));
  end.store(true, std::memory_order_release);
  writer.join();
  reader.join();
  EXPECT_EQ(code, 0);
}

TYPED_TEST(ForkTest, ASectionOfTheThreadThatForksStaysOpenInTheChild) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  typename D::OnlineGuard online;
  D::lock();
  const int code = InChildProcess([] {
    if (!D::InSection()) return 1;
    std::atomic<bool> done{false};
    std::thread writer([&done] {
      D::Synchronize();
      done.store(true, std::memory_order_release);
    });
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
    while (std::chrono::steady_clock::now() < until) sched_yield();
    const bool waited = !done.load(std::memory_order_acquire);
    D::unlock();
    D::Offline();
    writer.join();
    return waited ? UseEverything<D>() : 4;
  });
  D::unlock();
  EXPECT_EQ(code, 0);
}

TYPED_TEST(ForkTest, WhatTheParentsOtherThreadsRetiredIsReclaimedInTheChildAsWell) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  constexpr int kObjects = 1000;
  frees.store(0, std::memory_order_relaxed);
  typename D::OnlineGuard online;
  D::lock();  // So that nothing is reclaimed before the fork.
  std::thread([] {
    for (int i = 0; i < kObjects; ++i) D::Retire(new Counted);
  }).join();
  const int code = InChildProcess([] {
    D::unlock();
    D::Offline();
    D::Barrier();
    return frees.load(std::memory_order_relaxed) == kObjects ? 0 : 1;
  });
  D::unlock();
  EXPECT_EQ(code, 0);
}

TYPED_TEST(ForkTest, WhatIsRetiredInTheChildIsReclaimedThoughNobodyWaitsForIt) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  EXPECT_EQ(UseEverything<D>(), 0);  // The parent's reclaimer runs, and is awake.
  frees.store(0, std::memory_order_relaxed);
  const int code = InChildProcess([] {
    alarm(20);
    D::Retire(new Counted);
    while (frees.load(std::memory_order_relaxed) == 0) sched_yield();
    return 0;
  });
  EXPECT_EQ(code, 0);
}

// Forks at any moment of what other threads do with the domain.
TYPED_TEST(ForkTest, AForkInTheMiddleOfAStormFindsNothingHalfDone) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<bool> end{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&end] {
      typename D::OnlineGuard online;
      while (!end.load(std::memory_order_relaxed)) {
        for (int i = 0; i < 300; ++i) D::Retire(new Counted);
        D::Quiesce();
        typename D::ReadGuard guard;
        sched_yield();
      }
    });
  }
  threads.emplace_back([&end] {
    while (!end.load(std::memory_order_relaxed)) {
      D::Synchronize();
      std::thread([] {
        typename D::OnlineGuard online;
        typename D::ReadGuard guard;
      }).join();
    }
  });
  int failed = 0;
  for (int i = 0; i < 30 && failed == 0; ++i) {
    failed = InChildProcess([] { return UseEverything<D>(); });
  }
  end.store(true, std::memory_order_relaxed);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(UseEverything<D>(), 0);
}

// Also while another thread is making what the domain needs for its first use.
TYPED_TEST(ForkTest, AForkDuringTheDomainsFirstUseFindsNothingLocked) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<bool> begun{false};
  std::thread user([&begun] {
    begun.store(true, std::memory_order_release);
    D::Synchronize();
    typename D::OnlineGuard online;
    typename D::ReadGuard guard;
  });
  while (!begun.load(std::memory_order_acquire)) {
  }
  const int code = InChildProcess([] { return UseEverything<D>(); });
  user.join();
  EXPECT_EQ(code, 0);
}

TYPED_TEST(ForkTest, AReclaimFunctionMayFork) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  static std::atomic<int> code;
  code.store(-1, std::memory_order_relaxed);
  static int object = 0;
  D::Retire(
      &object,
      [](void*) {
        code.store(InChildProcess([] {
                     typename D::OnlineGuard online;
                     typename D::ReadGuard guard;
                     return D::InSection() ? 0 : 1;
                   }),
                   std::memory_order_relaxed);
      },
      sizeof(object));
  D::Barrier();
  EXPECT_EQ(code.load(std::memory_order_relaxed), 0);
  EXPECT_EQ(UseEverything<D>(), 0);
}

// In the child the thread that forked goes on as the reclaimer, in the middle of its
// pass. Another one uses the domain, and ends the process.
template <class D>
void GoOnInTheChild(int objects) {
  alarm(60);
  std::thread([objects] {
    int code = UseEverything<D>();
    for (int i = 0; i < objects; ++i) D::Retire(new Counted);
    D::Barrier();
    if (code == 0) code = UseEverything<D>();
    // What was retired in the parent, before and after what forked; and what was here.
    if (frees.load(std::memory_order_relaxed) != 3 * objects) code = 5;
    fflush(nullptr);
    _exit(code);
  }).detach();
}

TYPED_TEST(ForkTest, AReclaimFunctionThatForksGoesOnAsTheReclaimerOfTheChild) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  // More than a slice of the reclaimer's.
  constexpr int kObjects = 3000;
  frees.store(0, std::memory_order_relaxed);
  static std::atomic<pid_t> child;
  child.store(-1, std::memory_order_relaxed);
  static int object = 0;
  D::Online();
  D::lock();  // So that all of it is reclaimed in one pass.
  for (int i = 0; i < kObjects; ++i) D::Retire(new Counted);
  fflush(nullptr);
  D::Retire(
      &object,
      [](void*) {
        const pid_t forked = fork();
        if (forked == 0) return GoOnInTheChild<D>(kObjects);
        child.store(forked, std::memory_order_relaxed);
      },
      sizeof(object));
  for (int i = 0; i < kObjects; ++i) D::Retire(new Counted);
  D::unlock();
  D::Offline();
  D::Barrier();
  EXPECT_EQ(frees.load(std::memory_order_relaxed), 2 * kObjects);
  EXPECT_EQ(ExitCodeOf(child.load(std::memory_order_relaxed)), 0);
}

// ---- Cookies of the parent's

TYPED_TEST(ForkTest, ACookieOfTheParentsCanBeWaitedForInTheChild) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  const Cookie passed = D::GetCookie();
  D::Synchronize();
  const Cookie taken = D::GetCookie();
  const Cookie started = D::StartGracePeriod();
  const int code = InChildProcess([&] {
    if (!D::Poll(passed)) return 1;
    D::Wait(taken);
    D::Wait(started);
    return D::Poll(taken) && D::Poll(started) ? UseEverything<D>() : 2;
  });
  EXPECT_EQ(code, 0);
  D::Wait(started);
}

// Neither the grace period that was under way then, nor the next, goes on in the child.
TYPED_TEST(ForkTest, ACookieFromDuringAGracePeriodCanBeWaitedForInTheChild) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D::Online();
  D::lock();
  const Cookie before = D::GetCookie();
  std::thread writer([] { D::Synchronize(); });
  while (D::GetCookie() == before) sched_yield();
  const Cookie during = D::GetCookie();
  const Cookie started = D::StartGracePeriod();
  const int code = InChildProcess([&] {
    D::unlock();
    D::Offline();
    if (D::Poll(before) || D::Poll(during) || D::Poll(started)) return 1;
    D::Wait(during);
    D::Wait(started);
    return D::Poll(before) && D::Poll(during) ? UseEverything<D>() : 2;
  });
  D::unlock();
  D::Offline();
  writer.join();
  EXPECT_EQ(code, 0);
}

// A grace period that was started in the parent is started again by whoever asks for one
// in the child: there is no thread that would by itself.
TYPED_TEST(ForkTest, ACookieOfTheParentsPassesWithAGracePeriodOfTheChild) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D::Online();
  D::lock();
  const Cookie started = D::StartGracePeriod();
  const int code = InChildProcess([&] {
    D::unlock();
    D::Offline();
    D::StartGracePeriod();
    while (!D::Poll(started)) sched_yield();
    return 0;
  });
  D::unlock();
  D::Offline();
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace rcu
