// What a durable store writes its batches to, and reads them back from: the seam between
// the order of writes and what keeps them.
#ifndef RCUKV_SERVER_STORE_DURABLE_LOG_H_
#define RCUKV_SERVER_STORE_DURABLE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/store.h"

namespace rcukv {

// What is promised of a write that was answered.
enum class Durability {
  // It outlives a loss of power.
  kSync,
  // It outlives the process. A loss of power, or a crash of the system, takes the newest
  // writes: always the newest, and each as a whole.
  kAsync,
};

// One key of one table, valid during the call that is given it.
struct StoredEntry {
  std::string_view table;
  std::string_view key;
  std::string_view value;
  rcu::EntryMeta meta;
};

// What was there when the log was opened.
struct LogContents {
  // Of the newest batch; 0: there was none.
  uint64_t revision = 0;
  // Without the default table, which is always there.
  std::vector<std::string> tables;
  // An estimate.
  uint64_t entries = 0;
  // The entries are read in so many parts, of about the same size where there are many.
  size_t parts = 0;
};

// Guarantees
//   (a) Of each call that writes, all is kept or nothing.
//   (b) What a call has written is kept, when it returns OK, as Durability says; and with
//       it all that was written before.
//   (c) After a call that has failed it is open whether what it wrote is kept.
//
// Thread safety: one thread at a time, but for Backup; ReadPart by any number of threads,
// as long as nobody writes.
class DurableLog {
 public:
  virtual ~DurableLog() = default;

  // The store's name: "rocksdb".
  virtual std::string_view name() const = 0;
  // Where it is, for error messages.
  virtual std::string_view place() const = 0;

  virtual const LogContents& contents() const = 0;
  // Calls visit with each entry of a part, 0 to contents().parts - 1, until it returns an
  // error. Returns that, or DATA_LOSS for what cannot be read.
  virtual absl::Status ReadPart(
      size_t part, absl::FunctionRef<absl::Status(const StoredEntry&)> visit) const = 0;

  // Writes one batch: its changes, and their newest revision. There is at least one.
  // Those of tables that were dropped are left out: their deletion has been written.
  virtual absl::Status Append(absl::Span<const Change> changes) = 0;

  virtual absl::Status CreateTable(std::string_view name) = 0;
  // With all of its entries.
  virtual absl::Status DeleteTable(std::string_view name) = 0;

  // Makes `directory` a copy of the log, as Store::Backup says, that reaches
  // `min_revision` at least; it has been written. May be called by any thread, while
  // another one writes.
  virtual absl::StatusOr<BackupResult> Backup(const std::string& directory,
                                              uint64_t min_revision,
                                              absl::FunctionRef<bool()> is_cancelled) = 0;

  // Returns when everything outlives a loss of power. Not after a call that has failed.
  virtual absl::Status Sync() = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_DURABLE_LOG_H_
