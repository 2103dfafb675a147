#include "rcu/domain.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace rcu {
namespace {

// Each test gets a domain of its own, so that none waits for what another left behind.
template <class F>
struct DomainTest : testing::Test {
  using Flavor = F;
  void SetUp() override {
    if (const absl::Status status = F::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }
};
// Qsbr, whose sections nobody can tell, has qsbr_test.
using Flavors = testing::Types<Mb, Memb, Signal, Rseq>;
TYPED_TEST_SUITE(DomainTest, Flavors);

template <class F>
constexpr bool kKnowsReaders = F::kSections == Sections::kAnnounced;

// Long enough for something that must not happen to happen. Passing does not depend on
// it; failing when something is broken does.
void DwellABit() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  while (std::chrono::steady_clock::now() < until) sched_yield();
}

TYPED_TEST(DomainTest, ASectionThatHasEndedIsNotWaitedFor) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D::lock();
  D::unlock();
  D::Synchronize();
  EXPECT_EQ(D::Stats().grace_periods, 1u);
  EXPECT_EQ(D::Stats().readers, kKnowsReaders<TypeParam> ? 1u : 0u);
}

TYPED_TEST(DomainTest, SynchronizeWaitsForASectionThatWasOpen) {  // guarantee (a)
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<bool> returned{false};
  std::thread writer;
  {
    typename D::ReadGuard guard;
    writer = std::thread([&] {
      D::Synchronize();
      returned.store(true, std::memory_order_release);
    });
    DwellABit();
    EXPECT_FALSE(returned.load(std::memory_order_acquire));
  }
  writer.join();
  EXPECT_TRUE(returned.load(std::memory_order_acquire));
}

TYPED_TEST(DomainTest, OnlyTheEndOfTheOutermostSectionCounts) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<bool> returned{false};
  D::lock();
  std::thread writer([&] {
    D::Synchronize();
    returned.store(true, std::memory_order_release);
  });
  // Nested after the writer began: one that announced anew would announce its epoch.
  DwellABit();
  D::lock();
  EXPECT_TRUE(D::try_lock());
  DwellABit();
  D::unlock();
  D::unlock();
  EXPECT_TRUE(D::InSection());
  DwellABit();
  EXPECT_FALSE(returned.load(std::memory_order_acquire));
  D::unlock();
  EXPECT_FALSE(D::InSection());
  writer.join();
}

TYPED_TEST(DomainTest, AnUnlockTooManyHarmsNobody) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D::lock();
  D::unlock();
  D::unlock();
  D::Synchronize();
  typename D::ReadGuard guard;
  EXPECT_TRUE(D::InSection());
}

TYPED_TEST(DomainTest, AScopedLockIsASection) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D domain;
  std::scoped_lock lock(domain);
  EXPECT_TRUE(D::InSection());
}

TYPED_TEST(DomainTest, ARetiredObjectIsReclaimedOnlyAfterTheSectionEnds) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  static std::atomic<int> reclaimed{0};
  reclaimed.store(0, std::memory_order_relaxed);
  int object = 0;
  D::lock();
  std::thread([&] {
    D::Retire(
        &object, [](void*) { reclaimed.fetch_add(1, std::memory_order_release); },
        sizeof(object));
  }).join();
  DwellABit();
  EXPECT_EQ(reclaimed.load(std::memory_order_acquire), 0);
  D::unlock();
  D::Barrier();
  EXPECT_EQ(reclaimed.load(std::memory_order_acquire), 1);
}

// What the thread that retires may reclaim itself.
template <class D>
struct OnAnyThread {
  static inline std::atomic<int> reclaimed{0};
  static inline std::atomic<int> reclaimed_by_owner{0};
  static inline thread_local bool is_owner = false;

  // Weighs so much that a bag is soon full.
  static void Retire() {
    static constexpr size_t kBytes = 4096;
    D::Retire(
        &reclaimed,
        [](void*) {
          reclaimed.fetch_add(1, std::memory_order_release);
          if (is_owner) reclaimed_by_owner.fetch_add(1, std::memory_order_release);
        },
        kBytes, ReclaimOn::kAnyThread);
  }
};

TYPED_TEST(DomainTest, WhatAThreadMayReclaimItselfItDoesOnlyAfterTheSectionEnds) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  using Retired = OnAnyThread<D>;
  constexpr int kObjects = 2000;
  D::lock();
  std::thread([] {
    for (int i = 0; i < kObjects; ++i) Retired::Retire();
  }).join();
  DwellABit();
  EXPECT_EQ(Retired::reclaimed.load(std::memory_order_acquire), 0);
  D::unlock();
  D::Barrier();
  EXPECT_EQ(Retired::reclaimed.load(std::memory_order_acquire), kObjects);
}

TYPED_TEST(DomainTest, AThreadReclaimsItselfWhatItMay) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  using Retired = OnAnyThread<D>;
  Retired::is_owner = true;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (Retired::reclaimed_by_owner.load(std::memory_order_acquire) == 0 &&
         std::chrono::steady_clock::now() < until) {
    Retired::Retire();
  }
  Retired::is_owner = false;
  EXPECT_GT(Retired::reclaimed_by_owner.load(std::memory_order_acquire), 0);
  D::Barrier();
  EXPECT_EQ(D::Stats().backlog_objects, 0u);
}

TYPED_TEST(DomainTest, OtherReclaimFunctionsRunOnTheDomainsThreadAlone) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  static thread_local bool is_owner = false;
  static std::atomic<int> by_owner{0};
  is_owner = true;
  by_owner.store(0, std::memory_order_relaxed);
  for (int i = 0; i < 20'000; ++i) {
    D::Retire(
        &by_owner,
        [](void*) {
          if (is_owner) by_owner.fetch_add(1, std::memory_order_relaxed);
        },
        /*bytes=*/100);
  }
  D::Barrier();
  EXPECT_EQ(by_owner.load(std::memory_order_relaxed), 0);
}

struct Plain {
  int value;
};
struct WithDestructor {
  ~WithDestructor() {}
};
struct WithOwnDelete {
  static void operator delete(void* object) { ::operator delete(object); }
};
struct WithOwnSizedDelete {
  static void operator delete(void* object, size_t size) {
    ::operator delete(object, size);
  }
};
struct WithAlignedDelete {
  static void operator delete(void* object, std::align_val_t alignment) {
    ::operator delete(object, alignment);
  }
};
struct WithDestroyingDelete {
  static void operator delete(WithDestroyingDelete* object, std::destroying_delete_t) {
    ::operator delete(object);
  }
};
struct Inherits : WithOwnDelete {};
struct Final final {};
static_assert(internal::IsPlainMemory<int>() && internal::IsPlainMemory<void*>() &&
              internal::IsPlainMemory<Plain>());
static_assert(!internal::IsPlainMemory<WithDestructor>() &&
              !internal::IsPlainMemory<WithOwnDelete>() &&
              !internal::IsPlainMemory<WithOwnSizedDelete>() &&
              !internal::IsPlainMemory<WithAlignedDelete>() &&
              !internal::IsPlainMemory<WithDestroyingDelete>() &&
              !internal::IsPlainMemory<Inherits>() && !internal::IsPlainMemory<Final>());

struct Counted {
  explicit Counted(std::atomic<int>& count) : frees(count) {}
  // release: whoever sees the count may end the counter's life.
  ~Counted() { frees.fetch_add(1, std::memory_order_release); }
  std::atomic<int>& frees;
};

TYPED_TEST(DomainTest, BarrierWaitsForWhatEveryThreadRetired) {  // guarantee (c)
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  constexpr int kThreads = 4;
  constexpr int kObjects = 5000;
  std::vector<std::atomic<int>> frees(kThreads * kObjects);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&frees, t] {
      for (int i = 0; i < kObjects; ++i) {
        D::Retire(new Counted(frees[static_cast<size_t>(t * kObjects + i)]));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  D::Barrier();
  for (auto& count : frees) ASSERT_EQ(count.load(std::memory_order_relaxed), 1);
  EXPECT_EQ(D::Stats().backlog_objects, 0u);
  EXPECT_EQ(D::Stats().backlog_bytes, 0u);
}

TYPED_TEST(DomainTest, AReclaimFunctionMayRetireAndRead) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  static std::atomic<int> frees{0};
  frees.store(0, std::memory_order_relaxed);
  struct Outer {
    ~Outer() {
      typename D::ReadGuard guard;
      D::Retire(new Counted(frees));
    }
  };
  D::Retire(new Outer);
  D::Barrier();  // The outer one is gone, the inner one is queued.
  D::Barrier();
  EXPECT_EQ(frees.load(std::memory_order_relaxed), 1);
}

TYPED_TEST(DomainTest, ASleepingReclaimerIsWokenByTheFirstRetire) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::atomic<int> frees{0};
  // Without a Barrier: only the wake-up can get these reclaimed. Two delays let the
  // reclaimer go to sleep in between, or be about to.
  for (int i = 1; i <= 30; ++i) {
    D::Retire(new Counted(frees));
    while (frees.load(std::memory_order_acquire) != i) sched_yield();
    const auto until = std::chrono::steady_clock::now() + Reclaimer::kBatchDelay * 2 +
                       std::chrono::microseconds(i * 37);
    while (std::chrono::steady_clock::now() < until) sched_yield();
  }
}

TYPED_TEST(DomainTest, TheBacklogStaysWithinItsLimit) {  // guarantee (e)
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  constexpr size_t kObjectBytes = 1024;
  constexpr size_t kLimitBytes = size_t{1} << 20;
  struct Big {
    char bytes[kObjectBytes];
  };
  D::SetBacklogLimit(kLimitBytes);
  uint64_t most = 0;
  for (int i = 0; i < 50'000; ++i) {
    D::Retire(new Big);
    if (i % 16 == 0) most = std::max(most, D::Stats().backlog_bytes);
  }
  EXPECT_LE(most, kLimitBytes + RetireQueue::kBagBytes + kObjectBytes);
  EXPECT_GT(most, 0u);
  D::Barrier();
  EXPECT_EQ(D::Stats().backlog_limit_bytes, kLimitBytes);
}

TYPED_TEST(DomainTest, RetireInsideASectionDoesNotWaitForIt) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  D::SetBacklogLimit(1);
  {
    typename D::ReadGuard guard;
    for (int i = 0; i < 1000; ++i) D::Retire(new int(i), size_t{64} << 10);
    EXPECT_EQ(D::Stats().backlog_objects, 1000u);
  }
  D::Barrier();
}

// A section holds the first grace period up till all have called: whoever called after it
// began is served by the next one, together with the others.
TYPED_TEST(DomainTest, ConcurrentCallersShareGracePeriods) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  constexpr uint64_t kThreads = 8;
  constexpr uint64_t kRounds = 5;
  for (uint64_t round = 0; round < kRounds; ++round) {
    std::atomic<uint64_t> called{0};
    std::vector<std::thread> threads;
    {
      typename D::ReadGuard guard;
      for (uint64_t t = 0; t < kThreads; ++t) {
        threads.emplace_back([&called] {
          called.fetch_add(1, std::memory_order_relaxed);
          D::Synchronize();
        });
      }
      while (called.load(std::memory_order_relaxed) != kThreads) sched_yield();
      DwellABit();  // Most of them are in Synchronize by now.
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_LT(D::Stats().grace_periods, kRounds * kThreads);
  EXPECT_GE(D::Stats().grace_periods, kRounds);
}

TYPED_TEST(DomainTest, ThreadsThatComeAndGoLeaveNoReaderBehind) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  for (int i = 0; i < 2000; ++i) {
    std::thread([] {
      typename D::ReadGuard guard;
      D::Retire(new int(1));
    }).join();
  }
  D::Barrier();
  EXPECT_EQ(D::Stats().readers, 0u);
  EXPECT_EQ(D::Stats().backlog_objects, 0u);
}

// Calls `at_end` when the calling thread ends, after the domain has forgotten it: keys
// made later are destroyed later.
void AtThreadEnd(void (*at_end)(void*)) {
  pthread_key_t key;
  ASSERT_EQ(pthread_key_create(&key, at_end), 0);
  ASSERT_EQ(pthread_setspecific(key, &key), 0);
}

TYPED_TEST(DomainTest, AThreadMayReadWhileItIsBeingTornDown) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::thread([] {
    { typename D::ReadGuard guard; }
    AtThreadEnd([](void*) { typename D::ReadGuard guard; });
  }).join();
  D::Synchronize();
  EXPECT_EQ(D::Stats().readers, 0u);
}

TYPED_TEST(DomainTest, AnUnlockAfterTheThreadWasForgottenHarmsNobody) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::thread([] {
    D::lock();
    AtThreadEnd([](void*) { D::unlock(); });
  }).join();
  // Later threads are registered, and waited for.
  std::thread([] {
    typename D::ReadGuard guard;
    EXPECT_TRUE(D::InSection());
    EXPECT_EQ(D::Stats().readers, kKnowsReaders<TypeParam> ? 1u : 0u);
  }).join();
  D::Synchronize();
}

TYPED_TEST(DomainTest, AThreadThatEndsInsideASectionHoldsNobodyUp) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  std::thread([] {
    D::lock();
    D::lock();
  }).join();
  D::Synchronize();
  std::thread([] {
    EXPECT_FALSE(D::InSection());
    D::lock();
    D::unlock();
    EXPECT_FALSE(D::InSection());
  }).join();
}

TYPED_TEST(DomainTest, FiguresOfGracePeriodsAreKept) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  for (int i = 0; i < 200; ++i) D::Synchronize();
  const DomainStats stats = D::Stats();
  EXPECT_EQ(stats.grace_periods, 200u);
  EXPECT_GT(stats.last_ns, 0u);
  EXPECT_GT(stats.recent_p50_ns, 0u);
  EXPECT_LE(stats.recent_p50_ns, stats.recent_max_ns);
  EXPECT_LE(stats.recent_max_ns, stats.max_ns);
}

TEST(MembDomainTest, TheModeIsSwitchedAtRunTimeAndItsFiguresBeginAnew) {
  struct Tag;
  using D = Domain<Memb, Tag>;
  ASSERT_TRUE(D::Prepare().ok());
  EXPECT_EQ(D::membarrier_mode(), MembarrierMode::kExpedited);
  D::Synchronize();
  ASSERT_TRUE(D::SetMembarrierMode(MembarrierMode::kNonExpedited).ok());
  EXPECT_EQ(D::membarrier_mode(), MembarrierMode::kNonExpedited);
  EXPECT_EQ(D::Stats().recent_max_ns, 0u);
  D::Synchronize();
  EXPECT_EQ(D::Stats().recent_max_ns, D::Stats().last_ns);
  EXPECT_EQ(D::SetMembarrierMode(MembarrierMode::kNone).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(D::membarrier_mode(), MembarrierMode::kNonExpedited);
}

TEST(MbDomainTest, HasNoMembarrierMode) {
  EXPECT_EQ(MbDomain::membarrier_mode(), MembarrierMode::kNone);
  const absl::Status status = MbDomain::SetMembarrierMode(MembarrierMode::kExpedited);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "flavor mb has no membarrier mode \"expedited\"");
}

TEST(DomainDeathTest, WaitingForOneselfEndsTheProgramWithAMessage) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        MembDomain::ReadGuard guard;
        MembDomain::Synchronize();
      },
      "Synchronize called inside a read-side critical section");
  EXPECT_DEATH(
      {
        MembDomain::ReadGuard guard;
        MembDomain::Barrier();
      },
      "Barrier called inside a read-side critical section");
  EXPECT_DEATH(
      {
        int object = 0;
        MembDomain::Retire(
            &object, [](void*) { MembDomain::Barrier(); }, sizeof(object));
        MembDomain::Barrier();
      },
      "Barrier called by a reclaim function");
}

}  // namespace
}  // namespace rcu
