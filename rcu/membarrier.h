// The writer's half of an asymmetric fence: sys_membarrier(2).
//
// Readers that execute only a compiler barrier pair with a writer that calls
// HeavyFence(): the kernel makes every other running thread of the process execute a
// full memory barrier at some point during the call. Whatever a thread did before that
// point is visible to the caller afterwards; whatever it does after that point sees what
// the caller did before.
//
//   absl::Status status = PrepareMembarrier();   // once, before there are threads
//   HeavyFence(MembarrierMode::kExpedited);
//
// Thread safety: every function may be called by any thread. A child made by fork() may
// go on using them.
#ifndef RCUKV_RCU_MEMBARRIER_H_
#define RCUKV_RCU_MEMBARRIER_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcu {

// Which command a heavy fence uses. Values as in rcukv.v1.MembarrierMode.
enum class MembarrierMode {
  // No membarrier: the flavor's readers fence for themselves.
  kNone = 0,
  // MEMBARRIER_CMD_PRIVATE_EXPEDITED: interrupts the CPUs that run a thread of this
  // process; microseconds.
  kExpedited = 1,
  // MEMBARRIER_CMD_GLOBAL: waits until every CPU has scheduled; interrupts nobody; tens
  // of milliseconds.
  kNonExpedited = 2,
  // MEMBARRIER_CMD_GLOBAL_EXPEDITED: interrupts the CPUs that run a thread of any process
  // that registered for it; microseconds. For memory shared between processes, or to
  // compare.
  kGlobalExpedited = 3,
  // Expedited for whoever waits, while the budget lasts; non-expedited for the others.
  kAdaptive = 4,
};

// Who is held up by a heavy fence; kAdaptive goes by it.
enum class Urgency {
  // A caller that waits.
  kWaited,
  // Nobody: a background batch.
  kBackground,
};

// "none", "expedited", "non-expedited", "global-expedited", "adaptive".
std::string_view MembarrierModeName(MembarrierMode mode);

// Accepts '_' for '-'. INVALID_ARGUMENT names the modes there are.
absl::StatusOr<MembarrierMode> ParseMembarrierMode(std::string_view name);

// Registers the process for expedited membarriers. Call it before threads exist: later
// it waits for a grace period of the kernel. FAILED_PRECONDITION, with what the kernel
// said, where membarrier is missing or forbidden. Idempotent.
absl::Status PrepareMembarrier();

// Whether the kernel carries out `mode` for this process: registers for what the mode
// needs, and tries each of its commands once.
absl::Status CheckMembarrier(MembarrierMode mode);

// A full memory barrier in the calling thread and, during the call, in every other
// running thread of the process. Concurrent callers share kernel calls of a command by
// sequence number: one that began after this call did serves it.
//
// Where the kernel refuses the command (a filter installed after PrepareMembarrier) it
// tries the others; where all are refused it says so on stderr and tries again until
// one is carried out, as to return would be to let a writer free what readers hold.
// kNone: a full memory barrier in the calling thread alone.
void HeavyFence(MembarrierMode mode, Urgency urgency = Urgency::kWaited);

// How many expedited calls a second kAdaptive may make for the whole process, so that a
// storm of writers does not become a storm of interrupts. Bursts of a tenth of a second's
// worth are let pass. Default: 1000. 0: none at all.
void SetExpeditedBudget(uint64_t calls_per_second);

// System calls that HeavyFence has made, since the process started. An expedited one
// interrupts at most one CPU for each other running thread.
struct MembarrierCalls {
  uint64_t expedited = 0;
  uint64_t non_expedited = 0;
  uint64_t global_expedited = 0;
};
MembarrierCalls CountMembarrierCalls();

}  // namespace rcu

#endif  // RCUKV_RCU_MEMBARRIER_H_
