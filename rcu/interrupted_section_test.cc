// Handlers that interrupt the way into a section, or out of it, at the very place where
// the thread's own announcement is half done. signal_handler_test hits other places by
// chance.
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/fence.h"

namespace rcu {
namespace {

// A flavor whose readers call something when they are at their fence, as if a signal had
// come.
template <class F>
struct Interrupted : F {
  static inline thread_local void (*interrupt)() = nullptr;

  static void ReaderFence() {
    F::ReaderFence();
    if (auto* handler = std::exchange(interrupt, nullptr)) handler();
    F::ReaderFence();
  }
};

// The handler: in its section a grace period begins, which must not end.
template <class D>
struct Handler {
  static inline std::thread writer;
  static inline std::atomic<bool> returned{false};

  static void Read() {
    typename D::ReadGuard section;
    writer = std::thread([] {
      D::Synchronize();
      returned.store(true, std::memory_order_release);
    });
    // Long enough to return, as a rule, for one that does not wait.
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_FALSE(returned.load(std::memory_order_acquire));
  }
};

template <class F>
struct InterruptedSectionTest : testing::Test {
  void SetUp() override {
    if (const absl::Status status = F::Prepare(); !status.ok()) {
      GTEST_SKIP() << status.message();
    }
  }
};
using Flavors = testing::Types<Memb, Rseq>;
TYPED_TEST_SUITE(InterruptedSectionTest, Flavors);

TYPED_TEST(InterruptedSectionTest, AHandlerOnTheWayIntoOneIsWaitedFor) {
  struct Tag;
  using F = Interrupted<TypeParam>;
  using D = Domain<F, Tag>;
  { typename D::ReadGuard first; }  // A thread's first section is not to be interrupted.
  F::interrupt = &Handler<D>::Read;
  D::lock();
  D::unlock();
  Handler<D>::writer.join();
}

TYPED_TEST(InterruptedSectionTest, AHandlerOnTheWayOutOfOneIsWaitedFor) {
  struct Tag;
  using F = Interrupted<TypeParam>;
  using D = Domain<F, Tag>;
  D::lock();
  F::interrupt = &Handler<D>::Read;
  D::unlock();
  Handler<D>::writer.join();
}

}  // namespace
}  // namespace rcu
