// RocksDbLog::Backup: a checkpoint of RocksDB's, opened and read as a start would.
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/store/backup_directory.h"
#include "server/store/rocksdb_log.h"

namespace rcukv {
namespace {

absl::Status CannotBackUp(const std::string& directory, const rocksdb::Status& status) {
  const std::string message =
      absl::StrCat("cannot back up to ", directory, ": ", status.ToString());
  return status.IsNoSpace() ? absl::ResourceExhaustedError(message)
                            : absl::InternalError(message);
}

// Files that never change are linked, or copied to another file system; the write-ahead
// log is copied. Nothing is flushed: that would write to the data directory, and an error
// there would stop all writes.
rocksdb::Status MakeCheckpoint(rocksdb::DB* db, const std::string& path) {
  rocksdb::Checkpoint* made = nullptr;
  const rocksdb::Status status = rocksdb::Checkpoint::Create(db, &made);
  if (!status.ok()) return status;
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  return checkpoint->CreateCheckpoint(path, std::numeric_limits<uint64_t>::max());
}

absl::Status CannotRead(const absl::Status& status) {
  return absl::InternalError(
      absl::StrCat("the copy cannot be read: ", std::string(status.message())));
}

// Reads all entries, and so every checksum.
absl::StatusOr<uint64_t> CountEntries(const DurableLog& log,
                                      absl::FunctionRef<bool()> is_cancelled) {
  constexpr uint64_t kEntriesBetweenLooks = 1024;
  uint64_t entries = 0;
  for (size_t part = 0; part < log.contents().parts; ++part) {
    const absl::Status status = log.ReadPart(part, [&](const StoredEntry&) {
      const bool looks = ++entries % kEntriesBetweenLooks == 0;
      return looks && is_cancelled() ? absl::CancelledError("") : absl::OkStatus();
    });
    if (absl::IsCancelled(status)) return status;
    if (!status.ok()) return CannotRead(status);
    if (is_cancelled()) return absl::CancelledError("");
  }
  return entries;
}

}  // namespace

absl::StatusOr<BackupResult> RocksDbLog::Backup(const std::string& directory,
                                                uint64_t min_revision,
                                                absl::FunctionRef<bool()> is_cancelled) {
  absl::StatusOr<BackupDirectory> copy = BackupDirectory::Create(directory);
  if (!copy.ok()) return copy.status();
  const rocksdb::Status made = MakeCheckpoint(db_.get(), copy->database_path());
  if (!made.ok()) return CannotBackUp(directory, made);
  if (absl::Status status = copy->WriteFormat(); !status.ok()) return status;
  BackupResult result;
  {
    // What a write that was under way has left at the end of the log is dropped by this,
    // and the rest of the log becomes part of the database.
    const auto log = Open({.directory = copy->partial_path(),
                           .durability = durability_,
                           .env = db_->GetEnv()});
    if (!log.ok()) return CannotRead(log.status());
    result.revision = (*log)->contents().revision;
    if (result.revision < min_revision) {
      return absl::InternalError(absl::StrCat("the copy ends at revision ",
                                              result.revision, ", below ", min_revision));
    }
    const absl::StatusOr<uint64_t> entries = CountEntries(**log, is_cancelled);
    if (absl::IsCancelled(entries.status())) {
      return absl::CancelledError(
          absl::StrCat("the backup to ", directory, " was cancelled"));
    }
    if (!entries.ok()) return entries.status();
    result.entries = *entries;
  }
  const absl::StatusOr<uint64_t> bytes = copy->Finish();
  if (!bytes.ok()) return bytes.status();
  result.bytes = *bytes;
  return result;
}

}  // namespace rcukv
