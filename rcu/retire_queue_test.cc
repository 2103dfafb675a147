#include "rcu/retire_queue.h"

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
      while (queue.ReclaimSlice(1024)) {
      }
    }
  });
  for (uint64_t i = 0; i < kObjects; ++i) {
    objects[i].retired_as = i;
    queue.Push({&objects[i], &Reclaim, sizeof(Object)});
    if (i % 1024 == 0) {
      while (queue.Objects() > 2 * kMuch) {
      }
    }
  }
  all_pushed.Set();
  consumer.join();
  queue.Mark();
  while (queue.ReclaimSlice(1024)) {
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
  for (size_t i = 0; i < 6; ++i) queue.Push({&objects[i], &Reclaim, 1});
  queue.Mark();
  for (size_t i = 6; i < 10; ++i) queue.Push({&objects[i], &Reclaim, 1});
  EXPECT_TRUE(queue.ReclaimSlice(4));
  EXPECT_EQ(queue.Objects(), 6u);
  EXPECT_FALSE(queue.ReclaimSlice(4));
  EXPECT_EQ(queue.Objects(), 4u);
  EXPECT_FALSE(queue.Empty());
}

}  // namespace
}  // namespace rcu
