// The signals that a thread may leave to the other threads of its process.
#ifndef RCUKV_RCU_SIGNALS_OF_OTHERS_H_
#define RCUKV_RCU_SIGNALS_OF_OTHERS_H_

#include <signal.h>

namespace rcu {

// All but those that a thread's own instructions raise, where a signal that is blocked
// ends the process; SIGSYS is that of a filter of system calls. (abort() unblocks its
// own.)
inline sigset_t SignalsOfOthers() {
  sigset_t signals;
  sigfillset(&signals);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
    sigdelset(&signals, own);
  }
  return signals;
}

}  // namespace rcu

#endif  // RCUKV_RCU_SIGNALS_OF_OTHERS_H_
