// The membarrier mode: what the writer pays, changed while the program runs.
//
// Readers are the same machine code in all of them. expedited takes microseconds and
// interrupts the CPUs that run this process; non-expedited interrupts nobody and takes
// milliseconds; adaptive takes the first for callers that wait, within a budget, and the
// second for what is reclaimed in the background.
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "rcu/domain.h"
#include "rcu/membarrier.h"

using Rcu = rcu::MembDomain;

void TryMode(rcu::MembarrierMode mode) {
  const std::string name(rcu::MembarrierModeName(mode));
  // A kernel may refuse one: non-expedited where there are nohz_full CPUs. Nothing has
  // changed then.
  const absl::Status status = Rcu::SetMembarrierMode(mode);
  if (!status.ok()) {
    fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    return;
  }
  Rcu::Synchronize();
  fprintf(stderr, "%s: %.3f ms\n", name.c_str(),
          static_cast<double>(Rcu::Stats().last_ns) / 1e6);
}

int main() {
  for (const char* name : {"expedited", "non-expedited", "global-expedited"}) {
    TryMode(*rcu::ParseMembarrierMode(name));
  }
  TryMode(rcu::MembarrierMode::kAdaptive);

  // A storm of writers is not to become a storm of interrupts: past this many calls a
  // second adaptive goes on with non-expedited ones.
  rcu::SetExpeditedBudget(500);

  const rcu::MembarrierCalls calls = rcu::CountMembarrierCalls();
  printf("calls were made: %s\n",
         calls.expedited + calls.non_expedited > 0 ? "yes" : "no");
}

// Prints:
//   calls were made: yes
