// Choosing a flavor at the start, where one cannot know in which places a program will
// run.
//
// Each flavor is a type, so that no reader has to ask which one it is. A program that
// chooses makes what it builds on them a template, and branches once, here. membarrier
// may be missing or forbidden: an old kernel, a seccomp filter, a sandbox.
#include <atomic>
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "rcu/domain.h"

// The program, for one flavor.
template <class Rcu>
int Serve() {
  fprintf(stderr, "flavor %s\n", std::string(Rcu::FlavorName()).c_str());
  static std::atomic<const int*> answer{new int(41)};
  Rcu::Retire(answer.exchange(new int(42), std::memory_order_acq_rel));
  {
    typename Rcu::ReadGuard guard;
    printf("the answer is %d\n", *answer.load(std::memory_order_acquire));
  }
  Rcu::Retire(answer.exchange(nullptr, std::memory_order_acq_rel));
  Rcu::Barrier();
  return 0;
}

int main() {
  // Before there are other threads: to register for membarrier later costs milliseconds.
  const absl::Status memb = rcu::MembDomain::Prepare();
  if (memb.ok()) return Serve<rcu::MembDomain>();
  fprintf(stderr, "%s\n", std::string(memb.message()).c_str());

  // Readers with full fences: slower, but they work everywhere. (SignalDomain keeps them
  // fast, for programs that can live with interrupted system calls.)
  return Serve<rcu::MbDomain>();
}

// Prints:
//   the answer is 42
