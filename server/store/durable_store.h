// A store whose writes outlive the process: a committer over a durable log.
#ifndef RCUKV_SERVER_STORE_DURABLE_STORE_H_
#define RCUKV_SERVER_STORE_DURABLE_STORE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/store/batch.h"
#include "server/store/committer.h"
#include "server/store/durable_log.h"
#include "server/store/recovery.h"
#include "server/store/store.h"
#include "server/store/store_options.h"
#include "server/store/transaction.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {

// Guarantees, beside the committer's
//   (a) Nobody sees a write, or a table, and nobody is answered, before the log has it.
//   (b) After an error of the log nothing is written any more: later revisions would rest
//       on ones of which nobody knows whether they are kept. Reads go on.
//   (c) A table that was deleted leaves no entry behind, in the log neither.
class DurableStore final : public Store {
 public:
  using Options = StoreOptions;

  // Loads what the log holds into the tables, then goes on from its revision. The tables
  // hold nothing yet; they and the protection must outlive the store. Errors are those of
  // Recover.
  static absl::StatusOr<std::unique_ptr<DurableStore>> Open(
      Protection& protection, TableDirectory& tables, std::unique_ptr<DurableLog> log,
      const Options& options, const RecoveryOptions& recovery);

  ~DurableStore() override;

  std::string_view name() const override { return log_->name(); }
  void Submit(Write write) override { committer_.Submit(std::move(write)); }
  void SubmitAll(std::vector<Write> writes) override {
    committer_.SubmitAll(std::move(writes));
  }
  void SubmitTransaction(Transaction transaction) override {
    committer_.SubmitTransaction(std::move(transaction));
  }
  absl::Status CreateTable(std::string_view table) override;
  absl::StatusOr<uint64_t> DeleteTable(std::string_view table) override;
  absl::StatusOr<BackupResult> Backup(const std::string& directory,
                                      absl::FunctionRef<bool()> is_cancelled) override;
  uint64_t revision() const override { return committer_.revision(); }
  ChangeHistory* history() const override { return committer_.history(); }
  ReclaimMode reclaim_mode() const override { return committer_.reclaim_mode(); }
  ReclaimMode SetReclaimMode(ReclaimMode mode) override {
    return committer_.SetReclaimMode(mode);
  }
  std::string failure() const override;
  // And sees to it that all of it outlives a loss of power.
  absl::Status Stop() override;

 private:
  DurableStore(Protection& protection, TableDirectory& tables,
               std::unique_ptr<DurableLog> log, const Options& options);

  Committer::Options CommitterOptions(const Options& options);
  // Calls write() unless there has been an error, and remembers the first: guarantee (b).
  // With log_mutex_ held.
  absl::Status Log(absl::FunctionRef<absl::Status()> write);
  // With log_mutex_ held, once.
  void Fail(const absl::Status& cause);
  absl::Status Append(absl::Span<const Change> changes);
  // With log_mutex_ held. After an error the log is left alone.
  absl::Status SyncAtEnd();

  TableDirectory& tables_;
  const std::unique_ptr<DurableLog> log_;
  // Held while something is logged. A table is marked as dropped in the same section in
  // which its deletion is logged, so that each batch is logged either before the deletion
  // or without the table: guarantee (c).
  std::mutex log_mutex_;
  // The first error, which later writes are refused with. Written once, with log_mutex_
  // held, before has_failed_ is set; read with the mutex, or after has_failed_ was seen,
  // by those who must not wait for a disk.
  std::string failure_;
  std::atomic<bool> has_failed_{false};
  // Guarded by log_mutex_. What Stop returned.
  std::optional<absl::Status> end_;
  // Last: it uses all of the above.
  Committer committer_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_DURABLE_STORE_H_
