// The durable log in RocksDB: a batch of writes is a write batch of RocksDB's, that is
// one record of its write-ahead log, which is synced or not.
#ifndef RCUKV_SERVER_STORE_ROCKSDB_LOG_H_
#define RCUKV_SERVER_STORE_ROCKSDB_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/store/batch.h"
#include "server/store/data_directory.h"
#include "server/store/durable_log.h"
#include "server/store/store.h"

namespace rocksdb {
class DB;
class Env;
class WriteBatch;
}  // namespace rocksdb

namespace rcukv {

class LogReplay;

class RocksDbLog final : public DurableLog {
 public:
  struct Options {
    std::string directory;
    Durability durability = Durability::kSync;
    // The system, as RocksDB sees it; null: as it is. Outlives the log.
    rocksdb::Env* env = nullptr;
    // Is told, in a line without a newline, what of a write-ahead log was not read.
    // Empty: nobody is told.
    std::function<void(const std::string&)> say = nullptr;
  };

  // Opens the log in a directory, which nobody else can until it is destroyed. Errors are
  // those of DataDirectory::Open, and DATA_LOSS for a database that cannot be read.
  //
  // With kSync a write-ahead log that is damaged anywhere but in its last record, which
  // may have been under way when the process ended, is refused. (A length that is damaged
  // in the last 32 KiB looks like such a record.) With kAsync it is read up to the
  // damage, or up to the first write that is missing: what the system had not written
  // when it crashed looks the same. What is not read is dropped for good.
  static absl::StatusOr<std::unique_ptr<RocksDbLog>> Open(const Options& options);

  ~RocksDbLog() override;

  std::string_view name() const override { return "rocksdb"; }
  std::string_view place() const override { return directory_.path(); }
  const LogContents& contents() const override { return contents_; }
  absl::Status ReadPart(
      size_t part,
      absl::FunctionRef<absl::Status(const StoredEntry&)> visit) const override;
  absl::Status Append(absl::Span<const Change> changes) override;
  absl::Status CreateTable(std::string_view name) override;
  absl::Status DeleteTable(std::string_view name) override;
  // Where it can, the copy shares the files that never change with this log: hard links.
  absl::StatusOr<BackupResult> Backup(const std::string& directory, uint64_t min_revision,
                                      absl::FunctionRef<bool()> is_cancelled) override;
  absl::Status Sync() override;

 private:
  RocksDbLog(DataDirectory directory, std::unique_ptr<LogReplay> replay,
             std::unique_ptr<rocksdb::DB> db, Durability durability);

  absl::Status ReadContents();
  absl::Status ReadRevision();
  absl::Status ReadTables();
  // Sets the bounds of the parts.
  void Divide();
  absl::Status Write(rocksdb::WriteBatch* batch);
  absl::Status Damaged(const std::string& what) const;

  // In this order: the database is closed before its directory is given up, and before
  // what its options point to.
  const DataDirectory directory_;
  const std::unique_ptr<LogReplay> replay_;
  const std::unique_ptr<rocksdb::DB> db_;
  const Durability durability_;
  LogContents contents_;
  // Part i begins with [i] and ends before [i + 1].
  std::vector<std::string> bounds_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_ROCKSDB_LOG_H_
