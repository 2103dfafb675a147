#include "rcu/rcu.h"

#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace rcu {
namespace {

// Long enough for something that must not happen to happen. Passing does not depend on
// it; failing when something is broken does.
void DwellABit() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  while (std::chrono::steady_clock::now() < until) sched_yield();
}

// Sets a flag when it ends.
struct Object : rcu_obj_base<Object> {
  explicit Object(std::atomic<bool>& flag) : ended(flag) {}
  // release: whoever sees the flag may end its life.
  ~Object() { ended.store(true, std::memory_order_release); }
  std::atomic<bool>& ended;
};

bool IsSet(const std::atomic<bool>& flag) { return flag.load(std::memory_order_acquire); }

// What the standard says of the declarations.
static_assert(!std::is_default_constructible_v<rcu_domain>);
static_assert(!std::is_copy_constructible_v<rcu_domain>);
static_assert(!std::is_copy_assignable_v<rcu_domain>);
static_assert(noexcept(rcu_default_domain()));
static_assert(noexcept(rcu_default_domain().lock()));
static_assert(noexcept(rcu_default_domain().try_lock()));
static_assert(noexcept(rcu_default_domain().unlock()));
static_assert(noexcept(rcu_synchronize()));
static_assert(noexcept(rcu_barrier()));
static_assert(noexcept(std::declval<Object&>().retire()));
static_assert(std::is_trivially_copyable_v<rcu_obj_base<int>>);
static_assert(std::is_empty_v<rcu_obj_base<int>>);

TEST(RcuDomainTest, TheDefaultDomainIsOneObject) {
  EXPECT_EQ(&rcu_default_domain(), &rcu_default_domain());
}

TEST(RcuDomainTest, LocksOfTheStandardLibraryOpenAndCloseARegion) {
  {
    std::scoped_lock<rcu_domain> region(rcu_default_domain());
    EXPECT_TRUE(MembDomain::InSection());
  }
  EXPECT_FALSE(MembDomain::InSection());
  std::unique_lock<rcu_domain> region(rcu_default_domain(), std::try_to_lock);
  EXPECT_TRUE(region.owns_lock());
  EXPECT_TRUE(MembDomain::InSection());
  region.unlock();
  EXPECT_FALSE(MembDomain::InSection());
}

TEST(RcuDomainTest, OnlyTheOutermostUnlockClosesTheRegion) {
  std::atomic<bool> ended{false};
  std::unique_lock outer(rcu_default_domain());
  std::thread([&] { (new Object(ended))->retire(); }).join();
  { std::scoped_lock inner(rcu_default_domain()); }
  DwellABit();
  EXPECT_FALSE(IsSet(ended));
  outer.unlock();
  rcu_barrier();
  EXPECT_TRUE(IsSet(ended));
}

TEST(RcuSynchronizeTest, WaitsForARegionThatWasOpen) {
  std::atomic<bool> returned{false};
  std::unique_lock region(rcu_default_domain());
  std::thread writer([&] {
    rcu_synchronize();
    returned.store(true, std::memory_order_release);
  });
  DwellABit();
  EXPECT_FALSE(IsSet(returned));
  region.unlock();
  writer.join();
}

TEST(RcuObjBaseTest, RetireEndsTheObjectOnlyAfterTheRegion) {
  std::atomic<bool> ended{false};
  std::unique_lock region(rcu_default_domain());
  (new Object(ended))->retire();
  DwellABit();
  EXPECT_FALSE(IsSet(ended));
  region.unlock();
  rcu_barrier();
  EXPECT_TRUE(IsSet(ended));
}

// Uses its own state after the object has ended, and with it the member that held the
// deleter.
struct Tracked;
struct TrackingDelete {
  inline void operator()(Tracked* object);
  std::shared_ptr<int> sum;
};
struct Tracked : rcu_obj_base<Tracked, TrackingDelete> {
  int value = 7;
};
void TrackingDelete::operator()(Tracked* object) {
  const int value = object->value;
  delete object;
  *sum += value;
}

TEST(RcuObjBaseTest, TheDeleterKeepsItsStateAndOutlivesTheObject) {
  auto sum = std::make_shared<int>(1);
  (new Tracked)->retire(TrackingDelete{sum});
  rcu_barrier();
  EXPECT_EQ(*sum, 8);
  // Nobody holds on to the state.
  EXPECT_EQ(sum.use_count(), 1);
}

struct SecondBase {
  virtual ~SecondBase() = default;
  int padding = 0;
};
struct Derived final : SecondBase, rcu_obj_base<Derived> {
  explicit Derived(std::atomic<bool>& flag) : ended(flag) {}
  ~Derived() override { ended.store(true, std::memory_order_release); }
  std::atomic<bool>& ended;
};

TEST(RcuObjBaseTest, NeedNotBeTheFirstBase) {
  std::atomic<bool> ended{false};
  (new Derived(ended))->retire();
  rcu_barrier();
  EXPECT_TRUE(IsSet(ended));
}

TEST(RcuRetireTest, DeletesWhatNeedNotDeriveFromAnything) {
  auto alive = std::make_shared<int>(1);
  rcu_retire(new std::shared_ptr<int>(alive));
  rcu_retire(new const std::shared_ptr<int>(alive));
  rcu_retire(static_cast<int*>(nullptr));
  rcu_barrier();
  EXPECT_EQ(alive.use_count(), 1);
}

TEST(RcuRetireTest, CallsTheDeleterWithItsStateOnlyAfterTheRegion) {
  std::atomic<int*> deleted{nullptr};
  auto state = std::make_shared<std::atomic<int*>*>(&deleted);
  int object = 0;
  std::unique_lock region(rcu_default_domain());
  // release: pairs with the acquire below.
  rcu_retire(&object, [state](int* p) { (*state)->store(p, std::memory_order_release); });
  DwellABit();
  EXPECT_EQ(deleted.load(std::memory_order_acquire), nullptr);
  region.unlock();
  rcu_barrier();
  EXPECT_EQ(deleted.load(std::memory_order_acquire), &object);
  EXPECT_EQ(state.use_count(), 1);
}

TEST(RcuRetireTest, TakesTheDeletersOfUniquePointers) {
  static std::atomic<int> freed{0};
  struct Free {
    void operator()(void* memory) const {
      free(memory);
      freed.fetch_add(1, std::memory_order_relaxed);
    }
  };
  std::unique_ptr<void, Free> memory(malloc(8));
  rcu_retire(memory.release(), memory.get_deleter());
  std::unique_ptr<int[]> array(new int[8]);
  rcu_retire(array.release(), array.get_deleter());
  // A pointer to a function, which is state.
  rcu_retire(malloc(8), &free);
  rcu_retire(malloc(8), std::function<void(void*)>(Free()));
  rcu_barrier();
  EXPECT_EQ(freed.load(std::memory_order_relaxed), 2);
}

struct Incomplete;
Incomplete* MakeIncomplete();
void DeleteIncomplete(Incomplete* object);

TEST(RcuRetireTest, TakesWhatIsIncompleteIfTheDeleterDoes) {
  rcu_retire(MakeIncomplete(), [](Incomplete* object) { DeleteIncomplete(object); });
  rcu_barrier();
}

struct Incomplete {
  int value = 0;
};
Incomplete* MakeIncomplete() { return new Incomplete; }
void DeleteIncomplete(Incomplete* object) { delete object; }

// Can be copied into the call, but not on from there.
struct CannotBeMoved {
  explicit CannotBeMoved(int* count) : calls(count) {}
  CannotBeMoved(const CannotBeMoved&) = default;
  CannotBeMoved(CannotBeMoved&& /*other*/) { throw std::runtime_error("as expected"); }
  void operator()(int* /*object*/) const { ++*calls; }
  int* calls;
};

TEST(RcuRetireTest, ADeleterThatThrowsWhenItIsMovedIsNotScheduled) {
  int object = 0;
  int calls = 0;
  const CannotBeMoved deleter(&calls);
  EXPECT_THROW(rcu_retire(&object, deleter), std::runtime_error);
  rcu_barrier();
  EXPECT_EQ(calls, 0);
}

TEST(RcuRetireTest, ADeleterMayRetireAndRead) {
  static std::atomic<bool> ended{false};
  ended.store(false, std::memory_order_relaxed);
  int object = 0;
  rcu_retire(&object, [](int*) {
    std::scoped_lock region(rcu_default_domain());
    (new Object(ended))->retire();
  });
  rcu_barrier();  // The deleter has run, and its object is queued.
  rcu_barrier();
  EXPECT_TRUE(IsSet(ended));
}

TEST(RcuBarrierTest, WaitsForTheDeletersOfEveryThread) {
  constexpr int kThreads = 4;
  constexpr int kObjects = 3000;
  std::atomic<int> calls{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kObjects; ++i) {
        rcu_retire(new int(i), [&calls](int* p) {
          delete p;
          calls.fetch_add(1, std::memory_order_relaxed);
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  rcu_barrier();
  EXPECT_EQ(calls.load(std::memory_order_relaxed), kThreads * kObjects);
}

TEST(BacklogTest, WhatIsRetiredWeighsItsSize) {
  struct Big : rcu_obj_base<Big> {
    char bytes[4096];
  };
  rcu_barrier();
  const uint64_t before = MembDomain::Stats().backlog_bytes;
  {
    std::scoped_lock region(rcu_default_domain());
    (new Big)->retire();
    rcu_retire(new Big);
    const uint64_t grown = MembDomain::Stats().backlog_bytes - before;
    EXPECT_GE(grown, 2 * sizeof(Big));
    EXPECT_LE(grown, 2 * sizeof(Big) + 2 * sizeof(Retired));
  }
  rcu_barrier();
}

TEST(RcuDeathTest, WaitingForOneselfEndsTheProgramWithAMessage) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        std::scoped_lock region(rcu_default_domain());
        rcu_synchronize();
      },
      "Synchronize called inside a read-side critical section");
  EXPECT_DEATH(
      {
        rcu_retire(new int(0), [](int*) { rcu_barrier(); });
        rcu_barrier();
      },
      "Barrier called by a reclaim function");
}

}  // namespace
}  // namespace rcu
