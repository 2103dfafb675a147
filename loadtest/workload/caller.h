// Carries out operations and checks every answer.
//
// An answer is right where its value is one that was written to its key (records.h), and
// where it is not older than the newest write that had been answered before the read was
// sent; where it is of that write's revision, it has that write's value
// (revision_ledger.h). A key that was loaded, or whose insert had been answered, must be
// there. A write is of a later revision than those of the key that had been answered
// before it was sent. A scan returns as many entries as it asked for, as long as so many
// were loaded, and none twice; their values are checked like those of reads.
//
// Not checked: whether what a scan returns is too old, as it is not known before which
// keys these will be, and whether it leaves out keys that were inserted. Of a key whose
// insert was not answered, what another run has left may be there or nothing: the tally
// counts these answers as unchecked, where the value is not one of this run's.
//
// Thread safety: any number of threads at once.
#ifndef RCUKV_LOADTEST_WORKLOAD_CALLER_H_
#define RCUKV_LOADTEST_WORKLOAD_CALLER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/values.h"
#include "loadtest/workload/operations.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/revision_ledger.h"
#include "loadtest/workload/tally.h"
#include "loadtest/workload/target.h"

namespace rcukv::loadtest {

// When a call was on its way. Making keys and values, and checking answers, is not part
// of it; what a read-modify-write does between its calls is.
struct CallTimes {
  using Clock = std::chrono::steady_clock;

  Clock::time_point sent;
  Clock::time_point answered;
};

class Caller {
 public:
  // All outlive it.
  Caller(Target& target, const Records& records, RevisionLedger& ledger, Tally& tally)
      : target_(target), records_(records), ledger_(ledger), tally_(tally) {}

  // Called once, by any thread.
  using Done = absl::AnyInvocable<void(const absl::StatusOr<CallTimes>&)>;

  // An error: a call failed. A wrong answer is no error, but counted by the tally.
  absl::StatusOr<CallTimes> Do(const Operation& operation) const;

  // Whether there are calls for it that nobody has to wait for.
  static bool HasAsync(OperationKind kind) { return kind == OperationKind::kGet; }

  // Do() without waiting, where HasAsync(operation.kind). This outlives it.
  void DoAsync(const Operation& operation, Done done) const;

 private:
  // The keys of a get, and what was known of each before it was sent.
  struct Asked {
    std::vector<size_t> indices;
    std::vector<std::string> keys;
    std::vector<Settled> oldest;
  };

  absl::StatusOr<CallTimes> Get(const Operation& operation) const;
  // Of a get of several keys.
  absl::StatusOr<CallTimes> BatchGet(const Operation& operation) const;
  void BatchGetAsync(const Operation& operation, Done done) const;
  Asked Ask(const Operation& operation) const;
  // Of a key that is there and of a new one.
  absl::StatusOr<CallTimes> Put(const Operation& operation) const;
  absl::StatusOr<CallTimes> ReadModifyWrite(const Operation& operation) const;
  absl::StatusOr<CallTimes> Scan(const Operation& operation) const;

  // `oldest` is the ledger's, from before the call was sent.
  void Check(size_t index, const Settled& oldest,
             const std::optional<ValueView>& answer) const;
  void CheckBatch(const Asked& asked, Target::Found found) const;
  // Of a key of which it is not known what else may be there, but for what was settled.
  void CheckInserted(size_t index, const ValueView& answer) const;
  void CheckValue(size_t index, const Settled& settled, const ValueView& answer) const;
  // Of a write that was answered.
  void Settle(const Operation& operation, const Settled& oldest, uint64_t revision) const;
  void CheckScanned(size_t asked, const std::vector<Entry>& entries) const;
  void CheckEntry(const Entry& entry) const;

  Target& target_;
  const Records& records_;
  RevisionLedger& ledger_;
  Tally& tally_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_CALLER_H_
