// A signal handler may read, whatever it has interrupted: also a section of the domain,
// or the way into or out of one.
#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <type_traits>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/fence.h"
#include "rcu/tsan.h"

namespace rcu {
namespace {

constexpr uint64_t kDead = 0xdead'dead'dead'dead;

struct Object {
  uint64_t value = 1;
};

template <class F>
struct SignalHandlerTest : testing::Test {
  using Flavor = F;
};
using Flavors = testing::Types<Mb, Memb, Signal, Qsbr, Rseq>;
TYPED_TEST_SUITE(SignalHandlerTest, Flavors);

template <class D>
struct Shared {
  static inline std::atomic<Object*> current{nullptr};
  static inline std::atomic<uint64_t> handled{0};
  static inline std::atomic<uint64_t> broken{0};

  static void Read(int spins) {
    typename D::ReadGuard guard;
    const Object* object = current.load(std::memory_order_acquire);
    for (int i = 0; i < spins; ++i) SpinPause();
    // relaxed: figures.
    if (object->value == kDead) broken.fetch_add(1, std::memory_order_relaxed);
  }
  static void Handle(int) {
    Read(20);
    handled.fetch_add(1, std::memory_order_relaxed);
  }
};

// The signals go on while the reader ends.
TYPED_TEST(SignalHandlerTest, HoldsNothingThatIsReclaimedAndEndsNobodysSection) {
  if (RCUKV_RCU_TSAN && std::is_same_v<typename TestFixture::Flavor, Signal>) {
    GTEST_SKIP() << "ThreadSanitizer, which delays signals, leaves all of them blocked "
                    "where one comes while it calls the handler of another";
  }
  struct Tag;
  using D = Domain<typename TestFixture::Flavor, Tag>;
  using S = Shared<D>;
  if (const absl::Status status = D::Prepare(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  struct sigaction action = {};
  struct sigaction before;
  action.sa_handler = &S::Handle;
  action.sa_flags = SA_RESTART;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);

  std::array<Object, 2> objects;
  S::current.store(&objects[0], std::memory_order_release);
  std::atomic<bool> reading{false};
  std::atomic<bool> end{false};
  std::thread reader([&] {
    typename D::OnlineGuard online;
    S::Read(0);  // The thread's first section is before the first signal.
    reading.store(true, std::memory_order_release);
    while (!end.load(std::memory_order_relaxed)) {
      S::Read(3);
      D::Quiesce();
    }
  });
  while (!reading.load(std::memory_order_acquire)) sched_yield();
  std::thread interrupter([&] {
    while (!end.load(std::memory_order_relaxed)) {
      pthread_kill(reader.native_handle(), SIGUSR1);
      for (int i = 0; i < 100; ++i) SpinPause();
    }
  });

  // One of two objects is linked, the other one dead.
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(800);
  for (int i = 1; std::chrono::steady_clock::now() < until; ++i) {
    Object& next = objects[static_cast<size_t>(i % 2)];
    Object& old = objects[static_cast<size_t>((i + 1) % 2)];
    next.value = 1;
    S::current.store(&next, std::memory_order_release);
    D::Synchronize();
    old.value = kDead;
  }
  end.store(true, std::memory_order_relaxed);
  interrupter.join();
  reader.join();
  sigaction(SIGUSR1, &before, nullptr);
  EXPECT_GT(S::handled.load(std::memory_order_relaxed), 0u);
  EXPECT_EQ(S::broken.load(std::memory_order_relaxed), 0u);
  // And the thread's last section is over.
  D::Synchronize();
}

// What a thread does when it has left its domains: a key's destructor runs after those of
// the keys that were made before it.
struct AfterLeaving {
  static void Run(void*) { pthread_kill(pthread_self(), SIGUSR1); }
};

TYPED_TEST(SignalHandlerTest, NeverRunsInAThreadThatHasLeft) {
  struct Tag;
  using F = typename TestFixture::Flavor;
  using D = Domain<F, Tag>;
  using S = Shared<D>;
  if (const absl::Status status = D::Prepare(); !status.ok()) {
    GTEST_SKIP() << status.message();
  }
  Object object;
  S::current.store(&object, std::memory_order_release);
  {
    typename D::OnlineGuard online;
    S::Read(0);  // Makes the domain's key.
  }
  pthread_key_t key;
  ASSERT_EQ(pthread_key_create(&key, &AfterLeaving::Run), 0);
  struct sigaction action = {};
  struct sigaction before;
  action.sa_handler = &S::Handle;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  std::thread([&] {
    typename D::OnlineGuard online;
    S::Read(0);
    pthread_kill(pthread_self(), SIGUSR1);
    ASSERT_EQ(pthread_setspecific(key, &object), 0);
  }).join();
  sigaction(SIGUSR1, &before, nullptr);
  pthread_key_delete(key);
  // Threads need not belong to a domain whose sections are counted, nor leave it.
  const bool leaves = F::kSections != Sections::kCounted;
  EXPECT_EQ(S::handled.load(std::memory_order_relaxed), leaves ? 1u : 2u);
}

}  // namespace
}  // namespace rcu
