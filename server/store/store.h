// Where writes go: a store orders them, makes them as durable as it promises, publishes
// them in the tables, and answers.
#ifndef RCUKV_SERVER_STORE_STORE_H_
#define RCUKV_SERVER_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {

class ChangeHistory;

struct WriteResult {
  // The write's revision; the store's where nothing was changed.
  uint64_t revision = 0;
  // Delete: whether the key existed.
  bool deleted = false;
};

// What a backup has made.
struct BackupResult {
  // It has every write up to this revision, and nothing of later ones.
  uint64_t revision = 0;
  uint64_t entries = 0;
  // Of its files.
  uint64_t bytes = 0;
};

// One Put or Delete.
struct Write {
  // Never null.
  std::shared_ptr<Table> table = nullptr;
  std::string key = {};
  // Absent: a Delete.
  std::optional<std::string> value = std::nullopt;
  // The write happens only if the key's mod_revision is this; 0: only if the key does
  // not exist. Absent: unconditionally.
  std::optional<uint64_t> expected_mod_revision = std::nullopt;
  // Called once, when the write is visible to every reader, or refused: by a thread of
  // the store, or by Submit itself where the store is full (RESOURCE_EXHAUSTED) or
  // stopped (UNAVAILABLE). Other refusals: FAILED_PRECONDITION, the expectation does not
  // hold; RESOURCE_EXHAUSTED, the memory limit; NOT_FOUND, the table was deleted;
  // INVALID_ARGUMENT, no entry can hold the key; UNKNOWN, the store failed in this write,
  // and whether it is kept shows after a restart; INTERNAL, it has failed before.
  // Must not block. Never null.
  std::function<void(absl::StatusOr<WriteResult>)> done = nullptr;
};

// Thread safety: every method may be called by any thread at any time.
class Store {
 public:
  virtual ~Store() = default;

  virtual std::string_view name() const = 0;

  // Queues a write and returns at once. Writes of one caller are applied in the order in
  // which it submitted them. After Stop: answered with UNAVAILABLE.
  virtual void Submit(Write write) = 0;
  // The same for several. A store that commits writes in batches has these in one, unless
  // they are more than a batch; where it is full it takes the first of them.
  virtual void SubmitAll(std::vector<Write> writes) {
    for (Write& write : writes) Submit(std::move(write));
  }
  // The same for a transaction, in the order of all that the caller submits.
  virtual void SubmitTransaction(Transaction transaction) = 0;

  // TableDirectory's, and INTERNAL or UNKNOWN where the store has failed. When they
  // return OK, that is as durable as a write. They wait for that.
  virtual absl::Status CreateTable(std::string_view table) = 0;
  virtual absl::StatusOr<uint64_t> DeleteTable(std::string_view table) = 0;

  // Makes `directory`, which does not exist yet, a copy of all that is stored, on which a
  // store can be opened. Writes go on meanwhile: the copy has every write that was
  // answered before the call, those up to some later moment, and each as a whole. When it
  // returns OK the copy outlives a loss of power; otherwise there is none. May take
  // minutes: the copy is read once, until is_cancelled() says so (CANCELLED). Errors:
  // those of BackupDirectory; INTERNAL, the store has failed, or the copy is wrong;
  // FAILED_PRECONDITION, the store keeps nothing that could be copied, which is what this
  // one says.
  virtual absl::StatusOr<BackupResult> Backup(const std::string& directory,
                                              absl::FunctionRef<bool()> is_cancelled);

  // The newest revision that readers can see. A reader that samples it and then looks a
  // key up sees every write up to it.
  virtual uint64_t revision() const = 0;

  // What can be watched; its own. Null: nothing, as no changes are kept.
  virtual ChangeHistory* history() const { return nullptr; }

  virtual ReclaimMode reclaim_mode() const = 0;
  // Takes effect from the next batch of writes on. Returns what was set before.
  virtual ReclaimMode SetReclaimMode(ReclaimMode mode) = 0;

  // Why writes are refused with INTERNAL: the error after which the store has taken none,
  // where in its directory, and what to do about it. Empty: there was none.
  virtual std::string failure() const = 0;

  // Applies and answers what is queued, then refuses further writes. Idempotent. An
  // error, of any code, where the store has failed, now or before: its message is for the
  // one who runs the server.
  virtual absl::Status Stop() = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_STORE_H_
