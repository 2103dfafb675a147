// What a domain orders, as ThreadSanitizer sees it: in each test two threads touch the
// same plain memory, and nothing orders them but the operation of the domain that the
// test is about; they tell each other how far they are by flags that order nothing.
// Without ThreadSanitizer these tests show little.
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/relaxed_flag.h"

namespace rcu {
namespace {

template <class F>
struct HappensBeforeTest : testing::Test {
  using Flavor = F;
  void SetUp() override {
    if (const absl::Status status = F::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }
};
// One of each kind of sections.
using Flavors = testing::Types<Memb, Qsbr, Rseq>;
TYPED_TEST_SUITE(HappensBeforeTest, Flavors);

// [R2] [B2] to [G2] [B3].
TYPED_TEST(HappensBeforeTest, ASectionThatEndedBeforeSynchronize) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  int data = 1;
  int seen = 0;
  RelaxedFlag has_read;
  RelaxedFlag end;
  std::thread reader([&] {
    {
      typename D::OnlineGuard online;
      typename D::ReadGuard section;
      seen = data;
    }
    has_read.Set();
    end.Await();
  });
  has_read.Await();
  D::Synchronize();
  data = 2;
  end.Set();
  reader.join();
  EXPECT_EQ(seen, 1);
}

// [R2] of a thread's end to [G2].
TYPED_TEST(HappensBeforeTest, ASectionThatEndedWithItsThread) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  int data = 1;
  int seen = 0;
  RelaxedFlag has_read;
  std::thread reader([&] {
    D::Online();
    D::lock();
    seen = data;
    has_read.Set();
  });
  has_read.Await();
  D::Synchronize();
  data = 2;
  reader.join();
  EXPECT_EQ(seen, 1);
}

// [R1] of qsbr to [G2].
TEST(QsbrHappensBeforeTest, WhatAThreadReadBeforeItWasQuiescent) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  int data = 1;
  int seen = 0;
  RelaxedFlag has_read;
  RelaxedFlag end;
  std::thread reader([&] {
    D::Online();
    seen = data;
    has_read.Set();
    while (!end.IsSet()) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      D::Quiesce();
    }
    D::Offline();
  });
  has_read.Await();
  D::Synchronize();
  data = 2;
  end.Set();
  reader.join();
  EXPECT_EQ(seen, 1);
}

// [P4] to [P3].
TYPED_TEST(HappensBeforeTest, ASectionThatEndedBeforeAnothersGracePeriod) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  int data = 1;
  int seen = 0;
  RelaxedFlag has_read;
  RelaxedFlag has_cookie;
  RelaxedFlag end;
  std::thread reader([&] {
    {
      typename D::OnlineGuard online;
      typename D::ReadGuard section;
      seen = data;
    }
    has_read.Set();
    end.Await();
  });
  std::thread synchronizer([&] {
    has_cookie.Await();
    D::Synchronize();
    end.Await();
  });
  has_read.Await();
  const Cookie cookie = D::GetCookie();
  has_cookie.Set();
  while (!D::Poll(cookie)) sched_yield();
  data = 2;
  end.Set();
  reader.join();
  synchronizer.join();
  EXPECT_EQ(seen, 1);
}

// [L1] to [L2]: what a record is made of. The thread becomes a member without a section,
// as the end of one would order the making of its record, too.
TYPED_TEST(HappensBeforeTest, TheMakingOfARecordThatAScanFinds) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  // The domain's own state is made before.
  D::Synchronize();
  RelaxedFlag is_member;
  RelaxedFlag end;
  int object = 0;
  std::thread member([&] {
    D::Retire(
        &object, [](void*) {}, sizeof(object));
    is_member.Set();
    end.Await();
  });
  is_member.Await();
  D::Synchronize();
  end.Set();
  member.join();
  D::Barrier();
}

// [Q1] to [Q2], and [Q3] to [Q4]: what a thread retires, and the queue that it makes for
// it. Only the first Retire of all wakes the reclaimer; the others are found by it.
TYPED_TEST(HappensBeforeTest, TheRetiringOfWhatIsReclaimed) {
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  struct Object {
    int data = 0;
    std::atomic<bool> reclaimed{false};
  };
  const auto retire = [](Object& object) {
    object.data = 1;
    D::Retire(
        &object,
        [](void* retired) {
          auto* reclaimed = static_cast<Object*>(retired);
          reclaimed->data = 2;
          reclaimed->reclaimed.store(true, std::memory_order_relaxed);
        },
        sizeof(Object));
    while (!object.reclaimed.load(std::memory_order_relaxed)) sched_yield();
  };
  static Object objects[8];
  for (Object& object : objects) retire(object);
  // A thread of its own each, with a queue of its own, as none ends before the last.
  static Object objects_of_threads[4];
  RelaxedFlag end;
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (Object& object : objects_of_threads) {
    threads.emplace_back([&] {
      retire(object);
      done.fetch_add(1, std::memory_order_relaxed);
      end.Await();
    });
    const auto count = static_cast<int>(threads.size());
    while (done.load(std::memory_order_relaxed) != count) sched_yield();
  }
  end.Set();
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace rcu
