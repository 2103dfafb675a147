#include "rcu/retire_queue.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/relaxed_flag.h"

namespace rcu {
namespace {

struct Object {
  // Plain: whoever reclaims sees what whoever retired stored.
  uint64_t retired_as = 0;
  uint64_t reclaims = 0;
};

void Reclaim(void* retired) { ++static_cast<Object*>(retired)->reclaims; }

// Neither side waits for the other by anything that would order the two: the queue alone
// does. The consumer lets much come together, so that while it empties what it has marked
// the producer takes many a chunk that it has just given back.
TEST(RetireQueueTest, EverythingIsReclaimedOnceWhileItsChunksGoRound) {
  constexpr uint64_t kObjects = 400'000;
  constexpr uint64_t kMuch = 25'000;
  std::vector<Object> objects(kObjects);
  RetireQueue queue;
  RelaxedFlag all_pushed;
  std::thread consumer([&] {
    for (bool last = false; !last;) {
      last = all_pushed.IsSet();
      if (!last && queue.Objects() < kMuch) continue;
      queue.Mark();
      while (queue.ReclaimSlice(1024, /*leave_bags=*/false)) {
      }
    }
  });
  for (uint64_t i = 0; i < kObjects; ++i) {
    objects[i].retired_as = i;
    queue.Push({&objects[i], &Reclaim, sizeof(Object), /*on_any_thread=*/0});
    if (i % 1024 == 0) {
      while (queue.Objects() > 2 * kMuch) {
      }
    }
  }
  all_pushed.Set();
  consumer.join();
  queue.Mark();
  while (queue.ReclaimSlice(1024, /*leave_bags=*/false)) {
  }
  for (uint64_t i = 0; i < kObjects; ++i) {
    ASSERT_EQ(objects[i].retired_as, i);
    ASSERT_EQ(objects[i].reclaims, 1u);
  }
  EXPECT_EQ(queue.Objects(), 0u);
  EXPECT_EQ(queue.Bytes(), 0u);
}

TEST(RetireQueueTest, ASliceStopsAtTheMarkAndAtItsLimit) {
  std::vector<Object> objects(10);
  RetireQueue queue;
  for (size_t i = 0; i < 6; ++i)
    queue.Push({&objects[i], &Reclaim, 1, /*on_any_thread=*/0});
  queue.Mark();
  for (size_t i = 6; i < 10; ++i)
    queue.Push({&objects[i], &Reclaim, 1, /*on_any_thread=*/0});
  EXPECT_TRUE(queue.ReclaimSlice(4, /*leave_bags=*/false));
  EXPECT_EQ(queue.Objects(), 6u);
  EXPECT_FALSE(queue.ReclaimSlice(4, /*leave_bags=*/false));
  EXPECT_EQ(queue.Objects(), 4u);
  EXPECT_FALSE(queue.Empty());
}

bool IsOver(Cookie) { return true; }
bool IsNotOver(Cookie) { return false; }

// What the reclaimer finds may be taken by the owner meanwhile, and the other way round.
TEST(RetireQueueTest, EverythingIsReclaimedOnceByTheOwnerOrTheReclaimer) {
  constexpr uint64_t kObjects = 400'000;
  std::vector<Object> objects(kObjects);
  RetireQueue queue;
  RelaxedFlag all_pushed;
  std::thread reclaimer([&] {
    for (bool last = false; !last;) {
      last = all_pushed.IsSet();
      queue.Mark();
      while (queue.ReclaimSlice(64, /*leave_bags=*/false)) {
      }
    }
  });
  for (uint64_t i = 0; i < kObjects; ++i) {
    objects[i].retired_as = i;
    queue.Push({&objects[i], &Reclaim, sizeof(Object), /*on_any_thread=*/1});
    if (i % 100 == 99) {
      queue.CloseBag(Cookie());
      queue.ReclaimBags(&IsOver);
    }
  }
  all_pushed.Set();
  reclaimer.join();
  queue.Mark();
  while (queue.ReclaimSlice(1024, /*leave_bags=*/false)) {
  }
  for (uint64_t i = 0; i < kObjects; ++i) {
    ASSERT_EQ(objects[i].retired_as, i);
    ASSERT_EQ(objects[i].reclaims, 1u);
  }
  EXPECT_EQ(queue.Bytes(), 0u);
}

// A queue, and objects that were pushed into it.
class Owner {
 public:
  void Push(int count, ReclaimOn on = ReclaimOn::kAnyThread) {
    for (int i = 0; i < count; ++i) {
      queue.Push({this, [](void* owner) { ++static_cast<Owner*>(owner)->reclaimed_; },
                  /*bytes=*/1, on == ReclaimOn::kAnyThread});
    }
  }
  uint64_t reclaimed() const { return reclaimed_; }

  RetireQueue queue;

 private:
  uint64_t reclaimed_ = 0;
};

TEST(RetireQueueTest, TheOwnerReclaimsTheBagsThatAreOverAndNothingElse) {
  Owner owner;
  owner.Push(10);
  owner.queue.ReclaimBags(&IsOver);
  EXPECT_EQ(owner.reclaimed(), 0u) << "there is no bag yet";
  owner.queue.CloseBag(Cookie());
  owner.Push(5);
  owner.queue.ReclaimBags(&IsNotOver);
  EXPECT_EQ(owner.reclaimed(), 0u);
  owner.queue.ReclaimBags(&IsOver);
  EXPECT_EQ(owner.reclaimed(), 9u) << "all but the one that was being retired";
}

TEST(RetireQueueTest, TheOwnerStopsAtWhatIsForTheDomainsThread) {
  Owner owner;
  owner.Push(3);
  owner.Push(1, ReclaimOn::kDomainThread);
  owner.Push(3);
  owner.queue.CloseBag(Cookie());
  owner.queue.ReclaimBags(&IsOver);
  owner.queue.ReclaimBags(&IsOver);
  EXPECT_EQ(owner.reclaimed(), 3u);
  owner.queue.Mark();
  EXPECT_TRUE(owner.queue.ReclaimSlice(1, /*leave_bags=*/true));
  EXPECT_FALSE(owner.queue.ReclaimSlice(1, /*leave_bags=*/true)) << "the rest is left";
  EXPECT_EQ(owner.reclaimed(), 4u);
  owner.queue.ReclaimBags(&IsOver);
  EXPECT_EQ(owner.reclaimed(), 6u);
}

TEST(RetireQueueTest, TheReclaimerLeavesTheNewestBagsToTheOwner) {
  Owner owner;
  owner.Push(10);
  owner.queue.LeaveNewest();
  owner.Push(10);
  owner.queue.LeaveNewest();
  owner.queue.Mark();
  EXPECT_FALSE(owner.queue.ReclaimSlice(100, /*leave_bags=*/true));
  EXPECT_EQ(owner.reclaimed(), 10u);
  owner.queue.LeaveNewest();
  EXPECT_FALSE(owner.queue.ReclaimSlice(100, /*leave_bags=*/true));
  EXPECT_EQ(owner.reclaimed(), 20u);
}

TEST(RetireQueueTest, WhereSomebodyWaitsTheReclaimerLeavesNothing) {
  Owner owner;
  owner.Push(10);
  owner.queue.Mark();
  EXPECT_FALSE(owner.queue.ReclaimSlice(100, /*leave_bags=*/false));
  EXPECT_EQ(owner.reclaimed(), 10u);
}

// A reclaim function of the owner's that is not done until the test says so.
struct SlowReclaim {
  static void Reclaim(void* object) {
    auto* self = static_cast<SlowReclaim*>(object);
    self->begun.store(true, std::memory_order_release);
    while (!self->go_on.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  std::atomic<bool> begun{false};
  std::atomic<bool> go_on{false};
};

TEST(RetireQueueTest, WhoeverWaitsWaitsForWhatTheOwnerIsInTheMiddleOf) {
  SlowReclaim slow;
  RetireQueue queue;
  std::thread owner([&] {
    queue.Push({&slow, &SlowReclaim::Reclaim, 1, /*on_any_thread=*/1});
    queue.Mark();  // In the reclaimer's place: the slow one is the last it wants.
    queue.Push({&slow, [](void*) {}, 1, /*on_any_thread=*/1});
    queue.CloseBag(Cookie());
    queue.ReclaimBags(&IsOver);
  });
  while (!slow.begun.load(std::memory_order_acquire)) std::this_thread::yield();
  EXPECT_FALSE(queue.ReclaimSlice(1, /*leave_bags=*/true)) << "or it waits needlessly";
  std::atomic<bool> done{false};
  std::thread reclaimer([&] {
    while (queue.ReclaimSlice(1, /*leave_bags=*/false)) {
    }
    done.store(true, std::memory_order_release);
  });
  // Long enough for what must not happen. Passing does not depend on it.
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_FALSE(done.load(std::memory_order_acquire));
  slow.go_on.store(true, std::memory_order_release);
  reclaimer.join();
  owner.join();
}

TEST(RetireQueueTest, WhereThereAreVeryManyBagsTheNewestHoldsTheRest) {
  Owner owner;
  for (int bag = 0; bag < 100; ++bag) {
    owner.Push(1);
    owner.queue.CloseBag(Cookie());
  }
  owner.queue.ReclaimBags(&IsOver);
  EXPECT_EQ(owner.reclaimed(), 99u);
}

TEST(RetireQueueTest, ABagIsToBeClosedAfterSoManyBytes) {
  RetireQueue queue;
  const Retired retired = {nullptr, nullptr, 1000, 1};
  for (int bag = 0; bag < 3; ++bag) {
    uint64_t bytes = retired.BacklogBytes();
    while (!queue.Push(retired)) bytes += retired.BacklogBytes();
    EXPECT_GE(bytes, RetireQueue::kBagBytes);
    EXPECT_LT(bytes, RetireQueue::kBagBytes + 2 * retired.BacklogBytes());
  }
}

TEST(RetireQueueTest, AGracePeriodIsAskedForOnceForManyObjects) {
  constexpr int kMany = 1024;
  Owner owner;
  owner.Push(kMany - 1);
  owner.queue.CloseBag(Cookie());
  EXPECT_FALSE(owner.queue.IsTimeForGracePeriod());
  owner.Push(1);
  EXPECT_TRUE(owner.queue.IsTimeForGracePeriod());
  EXPECT_FALSE(owner.queue.IsTimeForGracePeriod()) << "whatever became of it";
  owner.Push(kMany);
  EXPECT_TRUE(owner.queue.IsTimeForGracePeriod());
}

TEST(RetireQueueTest, AChildOfAForkFindsTheBytesOfWhatIsQueued) {
  Owner owner;
  owner.Push(3000);  // Some chunks.
  owner.queue.CloseBag(Cookie());
  owner.queue.ReclaimBags(&IsOver);
  const uint64_t left = owner.queue.Objects();
  ASSERT_GT(left, 0u);
  const uint64_t bytes = owner.queue.Bytes();
  owner.queue.AfterForkInChild();
  EXPECT_EQ(owner.queue.Bytes(), bytes);
}

}  // namespace
}  // namespace rcu
