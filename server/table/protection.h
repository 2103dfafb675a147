// What protects the readers of every table of a server: an RCU flavor, or a lock as a
// comparison arm. Chosen once, when the server starts; makes the tables that fit it.
#ifndef RCUKV_SERVER_TABLE_PROTECTION_H_
#define RCUKV_SERVER_TABLE_PROTECTION_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rcu/domain_stats.h"
#include "rcu/holdout.h"
#include "rcu/membarrier.h"
#include "server/table/table.h"

namespace rcukv {

// Values as in rcukv.v1.Flavor.
enum class Flavor {
  kMb = 1,
  kMemb = 2,
  kSignal = 3,
  kQsbr = 4,
  kRseq = 5,
  // Not RCU, for comparison.
  kRwlock = 6,
  kMutex = 7,
};

// Every flavor there is.
absl::Span<const Flavor> AllFlavors();

// "mb", "memb", "signal", ...; INVALID_ARGUMENT names what there is.
absl::StatusOr<Flavor> ParseFlavor(std::string_view name);
std::string_view FlavorName(Flavor flavor);

// What the committer does with the entries that a batch of writes replaced.
enum class ReclaimMode { kCallRcu = 1, kSynchronize = 2 };

// Thread safety: every method may be called by any thread at any time, but none from
// inside a read-side critical section.
class Protection {
 public:
  // Prepares the process for `flavor`. FAILED_PRECONDITION, with the cause, where the
  // system refuses or lacks what it needs (membarrier; mm_cid for rseq).
  static absl::StatusOr<std::unique_ptr<Protection>> Create(Flavor flavor);

  virtual ~Protection() = default;

  virtual Flavor flavor() const = 0;

  // A table whose readers this protects. Entries of the table must not outlive the
  // process's use of the protection.
  virtual std::unique_ptr<Table> NewTable(std::string name) = 0;

  // Frees entries that were unlinked, when no reader can hold them any more:
  // kCallRcu in the background, kSynchronize before it returns.
  virtual void Reclaim(absl::Span<const rcu::Entry* const> unlinked,
                       ReclaimMode mode) = 0;

  // Waits until everything reclaimed before this call is freed.
  virtual void Barrier() = 0;

  // The mode in force; kNone where the flavor uses no membarrier.
  virtual rcu::MembarrierMode membarrier_mode() const = 0;

  // FAILED_PRECONDITION where the flavor has no such mode or the kernel refuses it.
  virtual absl::Status SetMembarrierMode(rcu::MembarrierMode mode) = 0;

  // A grace period that waits for a reader for longer is counted, reported on stderr, and
  // told by LastHoldout.
  virtual void SetHoldoutLimit(std::chrono::nanoseconds limit) = 0;
  // The newest report, if there was one.
  virtual std::optional<rcu::Holdout> LastHoldout() const = 0;

  virtual rcu::DomainStats Stats() const = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_PROTECTION_H_
