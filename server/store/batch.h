// A batch of writes, evaluated and not yet published.
//
// Each write is looked at in order, against the tables and what the batch did before it.
// The outcome is a list of changes, each with a revision of its own, and an answer for
// every write. Nothing is visible to readers yet: that is up to the committer, once the
// changes are durable.
#ifndef RCUKV_SERVER_STORE_BATCH_H_
#define RCUKV_SERVER_STORE_BATCH_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/store/store.h"
#include "server/table/table.h"

namespace rcukv {

// What one write does to one key.
struct Change {
  Table* table = nullptr;
  // The write's.
  std::string_view key;
  uint64_t revision = 0;
  // What the key gets; null: it is removed.
  rcu::EntryPtr entry;
};

// How many bytes the entries of a batch may add.
struct MemoryBudget {
  static constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();

  // What the tables take before the batch, and may take after it.
  uint64_t used_bytes = 0;
  uint64_t limit_bytes = kUnlimited;
};

// Thread safety: one thread; the tables change by nobody else meanwhile, but for Drop.
class Batch {
 public:
  // `revision` is the newest one before this batch. The writes, and the tables they name,
  // must stay as they are as long as the batch lives.
  Batch(uint64_t revision, MemoryBudget budget) : revision_(revision), budget_(budget) {}

  // Evaluates the next write. Its answer is
  //   FAILED_PRECONDITION  its expected_mod_revision is not the key's
  //   RESOURCE_EXHAUSTED   a value that grows would exceed the budget
  //   NOT_FOUND            its table has been deleted
  //   INVALID_ARGUMENT     the key is empty, or longer than an entry can hold
  void Add(const Write& write);

  // The revision of the last change.
  uint64_t revision() const { return revision_; }
  // In the order of their revisions.
  absl::Span<Change> changes() { return absl::MakeSpan(changes_); }
  // One for each write, in the order of Add. Once, after the last Add.
  std::vector<absl::StatusOr<WriteResult>> TakeAnswers() { return std::move(answers_); }

 private:
  // What a key has, or will have when the changes up to here are published.
  struct KeyState {
    bool exists = false;
    uint64_t mod_revision = 0;
    uint64_t create_revision = 0;
    uint64_t entry_bytes = 0;
  };

  absl::StatusOr<WriteResult> Evaluate(const Write& write);
  KeyState& StateOf(const Write& write);
  absl::StatusOr<WriteResult> Put(const Write& write, KeyState& state);
  WriteResult Delete(const Write& write, KeyState& state);
  // Takes account of an entry of `new_bytes` in place of one of `old_bytes`.
  absl::Status Charge(uint64_t old_bytes, uint64_t new_bytes);
  // A table that is being deleted may not be in used_bytes any more, hence the floor.
  uint64_t UsedWithout(uint64_t bytes) const {
    return budget_.used_bytes - std::min(budget_.used_bytes, bytes);
  }

  uint64_t revision_;
  MemoryBudget budget_;
  std::vector<Change> changes_;
  std::vector<absl::StatusOr<WriteResult>> answers_;
  // Of the keys that the batch has come across.
  absl::flat_hash_map<std::pair<const Table*, std::string_view>, KeyState> states_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_BATCH_H_
