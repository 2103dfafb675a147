// Reading: what a read-side critical section is, and what it is not.
//
// A section holds no lock and keeps nobody out: not other readers, not writers. All that
// it does is to hold up the reclamation of what a reader may have found in it.
#include <cstdio>
#include <mutex>
#include <thread>

#include "rcu/domain.h"

// A domain is a type; nothing has to be made, passed around or torn down.
using Rcu = rcu::MembDomain;

void Say(const char* where) {
  printf("%s: %s\n", where, Rcu::InSection() ? "in a section" : "in no section");
}

int main() {
  // A thread is registered by its first section; there is nothing to call.
  printf("readers before: %zu\n", size_t{Rcu::Stats().readers});

  {
    Rcu::ReadGuard guard;  // The section lasts as long as the guard.
    Say("guard");
    {
      Rcu::ReadGuard nested;  // Sections nest: a function may open its own.
    }
    Say("after a nested one");
  }
  Say("after the guard");

  {
    Rcu domain;  // Empty: it is there for those who want something to lock.
    std::scoped_lock section(domain);
    Say("scoped_lock");
  }

  // Any thread may read, and is forgotten when it ends.
  std::thread([] {
    Rcu::ReadGuard guard;
    Say("another thread");
    printf("readers: %zu\n", size_t{Rcu::Stats().readers});
  }).join();
  printf("readers after: %zu\n", size_t{Rcu::Stats().readers});
}

// Prints:
//   readers before: 0
//   guard: in a section
//   after a nested one: in a section
//   after the guard: in no section
//   scoped_lock: in a section
//   another thread: in a section
//   readers: 2
//   readers after: 1
