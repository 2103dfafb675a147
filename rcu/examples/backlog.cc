// The backlog: retired memory that waits for readers, and what bounds it.
//
// A flood of writes must not use up the memory before a grace period ends. So the backlog
// is bounded in bytes: past the limit, Retire waits until some of it is reclaimed. Inside
// a section it does not, as the section may be what holds the memory.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "rcu/domain.h"

using Rcu = rcu::MembDomain;

constexpr size_t kBlockBytes = 4096;

void RetireBlock() { Rcu::Retire(malloc(kBlockBytes), &free, kBlockBytes); }

int main() {
  const size_t limit_bytes = size_t{1} << 20;
  Rcu::SetBacklogLimit(limit_bytes);

  // 64 MiB go through 1 MiB. A thread looks at the whole backlog after each 64 KiB, so it
  // may be that much over.
  size_t most = 0;
  for (int i = 0; i < 16384; ++i) {
    RetireBlock();
    most = std::max<size_t>(most, Rcu::Stats().backlog_bytes);
  }
  printf("within the limit: %s\n", most < limit_bytes * 11 / 10 ? "yes" : "no");

  {
    Rcu::ReadGuard guard;
    for (int i = 0; i < 512; ++i) RetireBlock();
    printf("over it, in a section: %s\n",
           Rcu::Stats().backlog_bytes > limit_bytes ? "yes" : "no");
  }

  Rcu::Barrier();
  printf("after Barrier: %zu objects\n", size_t{Rcu::Stats().backlog_objects});
}

// Prints:
//   within the limit: yes
//   over it, in a section: yes
//   after Barrier: 0 objects
