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
// Thread safety: every function may be called by any thread.
#ifndef RCUKV_RCU_MEMBARRIER_H_
#define RCUKV_RCU_MEMBARRIER_H_

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
};

// "none", "expedited", "non-expedited".
std::string_view MembarrierModeName(MembarrierMode mode);

// Accepts '_' for '-'. INVALID_ARGUMENT names the modes there are.
absl::StatusOr<MembarrierMode> ParseMembarrierMode(std::string_view name);

// Registers the process for expedited membarriers. Call it before threads exist: later
// it waits for a grace period of the kernel. FAILED_PRECONDITION, with what the kernel
// said, where membarrier is missing or forbidden. Idempotent.
absl::Status PrepareMembarrier();

// Whether the kernel carries out `mode` for this process: tries it once.
absl::Status CheckMembarrier(MembarrierMode mode);

// A full memory barrier in the calling thread and, during the call, in every other
// running thread of the process. Concurrent callers of one mode share kernel calls by
// sequence number: one that began after this call did serves it.
//
// Where the kernel refuses the command (a filter installed after PrepareMembarrier) it
// tries the other one; where both are refused it says so on stderr and tries again until
// one is carried out, as to return would be to let a writer free what readers hold.
// kNone: a full memory barrier in the calling thread alone.
void HeavyFence(MembarrierMode mode);

}  // namespace rcu

#endif  // RCUKV_RCU_MEMBARRIER_H_
