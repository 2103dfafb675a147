// A batch of writes, evaluated and not yet published.
//
// Each write is looked at in order, against the tables and what the batch did before it.
// The outcome is a list of changes, and an answer for every write. Each write that
// changes something has a revision of its own; a transaction is one write, whose changes
// share it. Nothing is visible to readers yet: that is up to the committer, once the
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
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/store/store.h"
#include "server/store/transaction.h"
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

// What to answer the writes and the transactions of a batch, each in the order of Add.
struct BatchAnswers {
  // All get `status` instead.
  void SetAll(const absl::Status& status);

  std::vector<absl::StatusOr<WriteResult>> writes;
  std::vector<absl::StatusOr<Transaction::Result>> transactions;
};

// Thread safety: one thread; the tables change by nobody else meanwhile, but for Drop.
class Batch {
 public:
  // `revision` is the newest one before this batch. What is added, and the tables that it
  // names, must stay as they are as long as the batch lives.
  Batch(uint64_t revision, MemoryBudget budget) : revision_(revision), budget_(budget) {}

  // Evaluates the next write. Its answer is
  //   FAILED_PRECONDITION  its expected_mod_revision is not the key's
  //   RESOURCE_EXHAUSTED   a value that grows would exceed the budget
  //   NOT_FOUND            its table has been deleted
  //   INVALID_ARGUMENT     the key is empty, or longer than an entry can hold
  void Add(const Write& write);

  // Evaluates a transaction: after an error nothing of it is in the batch. The errors are
  // those above, and INVALID_ARGUMENT: its gets have more to answer with than it allows.
  void Add(const Transaction& transaction);

  // The revision of the last change.
  uint64_t revision() const { return revision_; }
  // In the order of their revisions; those of a transaction next to one another.
  absl::Span<Change> changes() { return absl::MakeSpan(changes_); }
  // Of all that was added since the last time.
  BatchAnswers TakeAnswers() { return std::move(answers_); }

 private:
  // A transaction while it is evaluated (batch_transaction.cc).
  class Attempt;

  // What a key has, or will have when the changes up to here are published.
  struct KeyState {
    static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

    bool exists = false;
    // Where in changes_ its entry is; kNone: in the table.
    uint32_t change = kNone;
    uint64_t mod_revision = 0;
    uint64_t create_revision = 0;
    uint64_t entry_bytes = 0;
  };

  // The server's limits are lower; this holds whatever they are set to.
  static absl::Status CheckSizes(std::string_view key, std::string_view value);
  static absl::Status DroppedError(const Table& table);

  absl::StatusOr<WriteResult> Evaluate(const Write& write);
  KeyState& StateOf(const Table& table, std::string_view key);
  // Calls visit with the entry that a key has, or will have when the changes up to here
  // are published; null for none. It is good until visit returns.
  void LookUp(const Table& table, std::string_view key,
              absl::FunctionRef<void(const rcu::Entry*)> visit) const;
  // Change a key of valid size, whose state is given, at `revision`: the newest, or the
  // one after that. A Put that is refused changes nothing. Delete returns whether it
  // existed.
  absl::Status Put(Table* table, std::string_view key, std::string_view value,
                   uint64_t revision, KeyState& state);
  bool Delete(Table* table, std::string_view key, uint64_t revision, KeyState& state);
  // Takes account of an entry of `new_bytes` in place of one of `old_bytes`.
  absl::Status Charge(uint64_t old_bytes, uint64_t new_bytes);
  // A table that is being deleted may not be in used_bytes any more, hence the floor.
  uint64_t UsedWithout(uint64_t bytes) const {
    return budget_.used_bytes - std::min(budget_.used_bytes, bytes);
  }

  uint64_t revision_;
  MemoryBudget budget_;
  std::vector<Change> changes_;
  BatchAnswers answers_;
  // Of the keys that are written.
  absl::flat_hash_map<std::pair<const Table*, std::string_view>, KeyState> states_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_BATCH_H_
