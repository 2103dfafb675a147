// What the storms are worth: each must find the domain out that does not keep a promise.
#include <atomic>
#include <chrono>
#include <cstddef>

#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/torture/storm.h"

namespace rcu::torture {
namespace {

using Sound = Domain<Memb, struct ItselfTag>;

// Says of every grace period that it is over at once.
struct Impatient : Sound {
  static void Synchronize() {}
  static void Retire(void* object, void (*reclaim)(void*), size_t) { reclaim(object); }
  static bool Poll(Cookie) { return true; }
  static void Wait(Cookie) {}
};

// Readers' sections end when they have begun.
struct ShortSections : Sound {
  static void lock() {
    Sound::lock();
    Sound::unlock();
  }
  static void unlock() {}
};

// Nested sections are not counted.
struct Forgetful : Sound {
  static void lock() {
    if (!Sound::InSection()) Sound::lock();
  }
  static void unlock() {
    if (Sound::InSection()) Sound::unlock();
  }
};

struct ReclaimsTwice : Sound {
  static void Retire(void* object, void (*reclaim)(void*), size_t bytes) {
    Sound::Retire(object, reclaim, bytes);
    Sound::Retire(object, reclaim, bytes);
  }
};

struct LosesSome : Sound {
  static void Retire(void* object, void (*reclaim)(void*), size_t bytes) {
    static std::atomic<int> count{0};
    if (count.fetch_add(1, std::memory_order_relaxed) % 100 == 0) return;
    Sound::Retire(object, reclaim, bytes);
  }
};

// Of the first storm that finds something, or of the last one of many.
template <class D>
Outcome StormsUntilFound() {
  Outcome outcome;
  for (int storm = 0; storm < 50 && outcome.Sound(); ++storm) {
    outcome = Storm<D>({}).Run(std::chrono::milliseconds(300));
  }
  return outcome;
}

TEST(TortureItselfTest, ASoundDomainPasses) {
  const Outcome outcome = Storm<Sound>({}).Run(std::chrono::milliseconds(300));
  EXPECT_TRUE(outcome.Sound()) << outcome;
}

TEST(TortureItselfTest, FindsGracePeriodsThatDoNotWait) {
  const Outcome outcome = StormsUntilFound<Impatient>();
  EXPECT_GT(outcome.report.TooOld() + outcome.report.broken, 0u) << outcome;
}

TEST(TortureItselfTest, FindsSectionsThatAreNotWaitedFor) {
  const Outcome outcome = StormsUntilFound<ShortSections>();
  EXPECT_GT(outcome.report.TooOld(), 0u) << outcome;
}

TEST(TortureItselfTest, FindsSectionsThatEndWithTheOneNestedInThem) {
  const Outcome outcome = StormsUntilFound<Forgetful>();
  EXPECT_FALSE(outcome.report.Sound()) << outcome;
}

TEST(TortureItselfTest, FindsWhatIsReclaimedTwice) {
  const Outcome outcome = StormsUntilFound<ReclaimsTwice>();
  EXPECT_GT(outcome.out_of_turn, 0u) << outcome;
}

TEST(TortureItselfTest, FindsWhatIsNotReclaimed) {
  const Outcome outcome = StormsUntilFound<LosesSome>();
  EXPECT_GT(outcome.lost, 0u) << outcome;
}

}  // namespace
}  // namespace rcu::torture
