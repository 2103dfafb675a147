// fork: the child of a process that uses the library can go on using it.
//
// Only the thread that forks is in the child. The sections that other threads had open
// are over there, and what they had retired is the child's to reclaim, as its copy of it.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <semaphore>
#include <thread>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;

std::atomic<int> freed{0};
struct Counted {
  ~Counted() { freed.fetch_add(1, std::memory_order_relaxed); }
};

int main() {
  std::binary_semaphore reading(0);
  std::binary_semaphore may_end(0);
  std::thread reader([&] {
    Rcu::ReadGuard guard;
    Rcu::Retire(new Counted);
    reading.release();
    may_end.acquire();
  });
  reading.acquire();

  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    // There is no reader here that a grace period would wait for.
    Rcu::Synchronize();
    Rcu::Retire(new Counted);
    Rcu::Barrier();
    printf("child: %d freed\n", freed.load(std::memory_order_relaxed));
    fflush(stdout);
    _exit(0);  // Not the parent's destructors.
  }
  int status = 0;
  waitpid(child, &status, 0);
  printf("parent: %d freed, its reader still reads\n",
         freed.load(std::memory_order_relaxed));
  may_end.release();
  reader.join();
  Rcu::Barrier();
  printf("parent: %d freed\n", freed.load(std::memory_order_relaxed));
  return status;
}

// Prints:
//   child: 2 freed
//   parent: 0 freed, its reader still reads
//   parent: 1 freed
