#include "rcu/ending_thread.h"

#include <signal.h>

#include "rcu/mutant.h"
#include "rcu/signal_fence.h"

namespace rcu {

void BlockSignalsOfEndingThread() {
  if constexpr (Mutated(Mutant::kLeaveTakesSignals)) return;
  sigset_t blocked;
  sigfillset(&blocked);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
    sigdelset(&blocked, own);
  }
  // A writer waits for its handler.
  if (const int fence = FenceSignalOfThread(); fence != 0) sigdelset(&blocked, fence);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

}  // namespace rcu
