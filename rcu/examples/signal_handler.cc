// Signal handlers may read: lock and unlock are async-signal-safe.
//
// For a profiler, say, that looks something up in its handler. Two rules: the thread has
// had a section before the first signal comes, as registering is not async-signal-safe;
// and a handler calls nothing of the library but lock and unlock (or a ReadGuard).
#include <signal.h>

#include <atomic>
#include <cstdio>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;

std::atomic<const int*> current{new int(7)};
// What a handler may store to without a race with the thread that it interrupts.
volatile sig_atomic_t seen = 0;

void Handler(int /*signal*/) {
  Rcu::ReadGuard guard;
  seen = seen + *current.load(std::memory_order_acquire);
}

int main() {
  { Rcu::ReadGuard guard; }  // Registers this thread.
  signal(SIGUSR1, &Handler);

  raise(SIGUSR1);  // In no section.
  {
    Rcu::ReadGuard guard;
    raise(SIGUSR1);  // In one: the handler's is nested in it.
    printf("in a section: %s\n", Rcu::InSection() ? "still" : "no more");
  }
  raise(SIGUSR1);
  printf("in a section: %s\n", Rcu::InSection() ? "still" : "no more");
  printf("seen by the handler: %d\n", static_cast<int>(seen));

  Rcu::Retire(current.exchange(nullptr, std::memory_order_acq_rel));
  Rcu::Barrier();
}

// Prints:
//   in a section: still
//   in a section: no more
//   seen by the handler: 21
