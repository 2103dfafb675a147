#include "rcu/ending_thread.h"

#include <signal.h>

#include "rcu/mutant.h"
#include "rcu/signal_fence.h"
#include "rcu/signals_of_others.h"

namespace rcu {

void BlockSignalsOfEndingThread() {
  if constexpr (Mutated(Mutant::kLeaveTakesSignals)) return;
  sigset_t blocked = SignalsOfOthers();
  // A writer waits for its handler.
  if (const int fence = FenceSignalOfThread(); fence != 0) sigdelset(&blocked, fence);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

}  // namespace rcu
