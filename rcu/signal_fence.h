// The writer's half of flavor signal: each thread that has joined is interrupted by a
// signal, whose handler executes a full memory barrier and says so.
//
// As in liburcu's signal flavor (Desnoyers and others, "User-Level Implementations of
// Read-Copy Update", 2012), but without a pause between asking and looking, with one
// signal a fence where liburcu needs two, and shared by all who want one.
//
// The signal is the first real-time signal, from the last down, that the program has left
// alone and that the kernel lets it send. Interrupted system calls are restarted where
// the kernel restarts any (SA_RESTART); sleeps and polls return EINTR. A thread that
// blocks the signal after it has joined, or that the kernel refuses to signal, holds up
// every fence until it leaves: it is named on stderr after a second.
//
// Thread safety: every function may be called by any thread.
#ifndef RCUKV_RCU_SIGNAL_FENCE_H_
#define RCUKV_RCU_SIGNAL_FENCE_H_

#include "absl/status/status.h"

namespace rcu {

// Installs the handler. FAILED_PRECONDITION where the program uses every real-time
// signal, or the kernel forbids to send any. Idempotent.
absl::Status PrepareSignalFence();

// The number of the signal; 0 where there is none to be had.
int FenceSignalNumber();

// The same where the calling thread has joined, else 0.
int FenceSignalOfThread();

// From its return on, the calling thread is interrupted by every SignalFence; the signal
// is unblocked for it. Counted: as many LeaveSignalFence undo it. A thread leaves before
// it ends.
void JoinSignalFence();
void LeaveSignalFence();

// A full memory barrier in the calling thread and, during the call, in every thread that
// has joined. Whoever joins during the call sees what the caller did before it.
void SignalFence();

}  // namespace rcu

#endif  // RCUKV_RCU_SIGNAL_FENCE_H_
