// Retiring: the writer does not wait; the library frees the old version when it can.
//
// Retire queues the object in memory of the calling thread's own, without an atomic
// read-modify-write. A thread of the domain runs one grace period for many objects and
// then reclaims them, or leaves them to the thread that has retired them.
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "rcu/domain.h"
#include "rcu/rcu.h"

using Rcu = rcu::MembDomain;

std::atomic<int> freed{0};

struct Plain {
  ~Plain() { freed.fetch_add(1, std::memory_order_relaxed); }
};

// What derives from rcu_obj_base knows how to retire itself, with a deleter of its type's
// choice: the C++26 way, see standard.cc.
struct Object : rcu::rcu_obj_base<Object> {
  ~Object() { freed.fetch_add(1, std::memory_order_relaxed); }
};

void RetireOneOfEach() {
  // 1. By delete.
  Rcu::Retire(new Plain);

  // 2. By any function, with the bytes that it gives back: arrays, pools, C libraries.
  // One that does nothing else may run in a later Retire of this thread as well, which is
  // cheaper. (Delete of a type without a destructor may do so unasked.)
  const size_t bytes = 4096;
  void* buffer = malloc(bytes);
  Rcu::Retire(
      buffer,
      [](void* retired) {
        free(retired);
        freed.fetch_add(1, std::memory_order_relaxed);
      },
      bytes, rcu::ReclaimOn::kAnyThread);

  // 3. By the object itself.
  (new Object)->retire();
}

int main() {
  {
    Rcu::ReadGuard guard;
    RetireOneOfEach();  // Retire may be called inside a section; Synchronize may not.
    // Whatever this section might have found stays.
    printf("inside the section: %d freed\n", freed.load(std::memory_order_relaxed));
    printf("objects that wait: %zu\n", size_t{Rcu::Stats().backlog_objects});
  }
  // Returns when all that was retired before, by any thread, is reclaimed: for tests, and
  // for the end of a program that wants its destructors run.
  Rcu::Barrier();
  printf("after Barrier: %d freed\n", freed.load(std::memory_order_relaxed));
}

// Prints:
//   inside the section: 0 freed
//   objects that wait: 3
//   after Barrier: 3 freed
