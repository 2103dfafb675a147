// What retiring under the names of C++26 allocates.
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <new>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/rcu.h"

namespace {

// Of the calling thread.
thread_local size_t allocations = 0;

}  // namespace

// Not inlined, where compilers take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(size_t bytes) {
  ++allocations;
  if (void* memory = malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t /*bytes*/) noexcept {
  free(memory);
}

namespace rcu {
namespace {

// How many allocations `retire` makes for kRetired objects, room in the queue included.
constexpr size_t kRetired = 1000;
template <class Retire>
size_t AllocationsOf(Retire&& retire) {
  for (size_t i = 0; i < kRetired; ++i) retire(i);  // The thread's record and queue.
  rcu_barrier();
  const size_t before = allocations;
  for (size_t i = 0; i < kRetired; ++i) retire(i);
  const size_t made = allocations - before;
  rcu_barrier();
  return made;
}

// The queue's room is made for many objects at once.
constexpr size_t kForTheQueue = kRetired / 64;

TEST(RcuAllocationTest, RetireAllocatesForNoObject) {
  struct Node : rcu_obj_base<Node, std::function<void(Node*)>> {};
  std::vector<Node> nodes(2 * kRetired);
  size_t next = 0;
  EXPECT_LE(AllocationsOf([&](size_t) { nodes[next++].retire([](Node*) {}); }),
            kForTheQueue);
}

TEST(RcuAllocationTest, RcuRetireAllocatesForNoObjectWhoseDeleterHasNoState) {
  EXPECT_LE(AllocationsOf([](size_t) { rcu_retire(static_cast<int*>(nullptr)); }),
            kForTheQueue);
  int object = 0;
  EXPECT_LE(AllocationsOf([&](size_t) { rcu_retire(&object, [](int*) {}); }),
            kForTheQueue);
}

TEST(RcuAllocationTest, RcuRetireAllocatesOnceForADeleterWithState) {
  int object = 0;
  const size_t made =
      AllocationsOf([&](size_t i) { rcu_retire(&object, [i](int*) { (void)i; }); });
  EXPECT_GE(made, kRetired);
  EXPECT_LE(made, kRetired + kForTheQueue);
}

}  // namespace
}  // namespace rcu
