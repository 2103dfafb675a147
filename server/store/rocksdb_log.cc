#include "server/store/rocksdb_log.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/key_range.h"
#include "server/store/log_format.h"
#include "server/store/log_replay.h"

namespace rcukv {
namespace {

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

constexpr char kAsyncReadsOn[] =
    "; or, if the system crashed while it was written with --durability=async, start it "
    "once with that, which keeps what is before the damage";

// `durability` is how it was opened.
absl::Status DamagedError(std::string_view directory, const std::string& what,
                          Durability durability) {
  return absl::DataLossError(
      absl::StrCat("the data directory ", std::string(directory), " is damaged: ", what,
                   "; put a copy of it in its place",
                   durability == Durability::kSync ? kAsyncReadsOn : ""));
}

absl::Status OpenError(const RocksDbLog::Options& options,
                       const rocksdb::Status& status) {
  const std::string& directory = options.directory;
  if (!status.IsIOError() && !status.IsNoSpace()) {
    return DamagedError(directory, status.ToString(), options.durability);
  }
  return absl::UnavailableError(
      absl::StrCat("cannot open the database in the data directory ", directory, ": ",
                   status.ToString(), "; mend that and start again"));
}

// Nothing is read from it but once, at the start.
rocksdb::BlockBasedTableOptions TableOptions() {
  rocksdb::BlockBasedTableOptions options;
  options.no_block_cache = true;
  return options;
}

// A quarter of what the process may have, which is mostly for connections; RocksDB makes
// it 20 at least. The others are closed, and opened when they are read.
int MostOpenFiles() {
  constexpr rlim_t kMost = 4096;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kMost;
  return static_cast<int>(std::min(limit.rlim_cur / 4, kMost));
}

rocksdb::Options DatabaseOptions(Durability durability, rocksdb::Env* env) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions()));
  options.wal_recovery_mode =
      durability == Durability::kSync
          ? rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords
          : rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.max_open_files = MostOpenFiles();
  // Its file LOG, for people.
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 4;
  return options;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(
    const RocksDbLog::Options& options, const std::string& path,
    const rocksdb::Options& database) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(database, path, &db);
  if (!status.ok()) return OpenError(options, status);
  return std::unique_ptr<rocksdb::DB>(db);
}

// Reads everything once and in order.
rocksdb::ReadOptions ScanOptions(const rocksdb::Slice& end) {
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end;
  options.readahead_size = 2 << 20;
  return options;
}

// The first and the last entry of each file, and the ends of all entries; in order.
std::vector<std::string> EndsOfFiles(rocksdb::DB* db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db->GetLiveFilesMetaData(&files);
  std::vector<std::string> ends = {std::string(log_format::kEntriesBegin),
                                   std::string(log_format::kEntriesEnd)};
  for (const rocksdb::LiveFileMetaData& file : files) {
    for (const std::string& key : {file.smallestkey, file.largestkey}) {
      if (key > ends[0] && key < ends[1]) ends.push_back(key);
    }
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbLog>> RocksDbLog::Open(const Options& options) {
  const rocksdb::Options existing = DatabaseOptions(options.durability, options.env);
  rocksdb::Options empty = existing;
  empty.create_if_missing = true;
  empty.error_if_exists = true;
  absl::StatusOr<DataDirectory> directory =
      DataDirectory::Open(options.directory, [&](const std::string& path) {
        return OpenDatabase(options, path, empty).status();
      });
  if (!directory.ok()) return directory.status();
  const std::string path = directory->database_path();
  auto replay = std::make_unique<LogReplay>(path, options.durability);
  rocksdb::Options replayed = existing;
  replayed.wal_filter = replay.get();
  auto db = OpenDatabase(options, path, replayed);
  if (!db.ok()) return db.status();
  for (const std::string& dropped : replay->Dropped()) {
    if (options.say) options.say(dropped);
  }
  std::unique_ptr<RocksDbLog> log(new RocksDbLog(*std::move(directory), std::move(replay),
                                                 *std::move(db), options.durability));
  if (absl::Status status = log->ReadContents(); !status.ok()) return status;
  return log;
}

RocksDbLog::RocksDbLog(DataDirectory directory, std::unique_ptr<LogReplay> replay,
                       std::unique_ptr<rocksdb::DB> db, Durability durability)
    : directory_(std::move(directory)),
      replay_(std::move(replay)),
      db_(std::move(db)),
      durability_(durability) {}

RocksDbLog::~RocksDbLog() = default;

absl::Status RocksDbLog::ReadContents() {
  if (absl::Status status = ReadRevision(); !status.ok()) return status;
  if (absl::Status status = ReadTables(); !status.ok()) return status;
  db_->GetIntProperty(rocksdb::DB::Properties::kEstimateNumKeys, &contents_.entries);
  Divide();
  return absl::OkStatus();
}

absl::Status RocksDbLog::ReadRevision() {
  std::string value;
  const rocksdb::Status status = db_->Get({}, ToSlice(log_format::kRevisionKey), &value);
  if (status.IsNotFound()) return absl::OkStatus();
  if (!status.ok()) return Damaged(status.ToString());
  const std::optional<uint64_t> revision = log_format::ParseRevision(value);
  if (!revision.has_value()) return Damaged("its revision is no number");
  contents_.revision = *revision;
  return absl::OkStatus();
}

absl::Status RocksDbLog::ReadTables() {
  const rocksdb::Slice end = ToSlice(log_format::kTablesEnd);
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(ScanOptions(end)));
  for (it->Seek(ToSlice(log_format::kTablesBegin)); it->Valid(); it->Next()) {
    contents_.tables.emplace_back(log_format::TableOfKey(ToView(it->key())));
  }
  return it->status().ok() ? absl::OkStatus() : Damaged(it->status().ToString());
}

// At the ends of its files, which know theirs and are of about the same size where there
// are many; and each of that into some more, so that no thread has much left to do when
// the others are done.
void RocksDbLog::Divide() {
  constexpr unsigned kCuts = 16;
  const std::vector<std::string> ends = EndsOfFiles(db_.get());
  for (size_t i = 0; i + 1 < ends.size(); ++i) {
    bounds_.push_back(ends[i]);
    for (std::string& cut : CutRange(ends[i], ends[i + 1], kCuts)) {
      bounds_.push_back(std::move(cut));
    }
  }
  bounds_.push_back(ends.back());
  contents_.parts = bounds_.size() - 1;
}

absl::Status RocksDbLog::ReadPart(
    size_t part, absl::FunctionRef<absl::Status(const StoredEntry&)> visit) const {
  const rocksdb::Slice end(bounds_.at(part + 1));
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(ScanOptions(end)));
  for (it->Seek(bounds_.at(part)); it->Valid(); it->Next()) {
    const std::optional<StoredEntry> entry =
        log_format::ParseEntry(ToView(it->key()), ToView(it->value()));
    if (!entry.has_value()) return Damaged("it has an entry of unknown form");
    if (entry->meta.mod_revision > contents_.revision) {
      return Damaged("it has an entry that is newer than its newest revision");
    }
    if (absl::Status status = visit(*entry); !status.ok()) return status;
  }
  return it->status().ok() ? absl::OkStatus() : Damaged(it->status().ToString());
}

absl::Status RocksDbLog::Append(absl::Span<const Change> changes) {
  rocksdb::WriteBatch batch;
  for (const Change& change : changes) {
    if (change.table->dropped()) continue;
    const std::string key = log_format::EntryKey(change.table->name(), change.key);
    const rocksdb::Status added =
        change.entry == nullptr ? batch.Delete(key)
                                : batch.Put(key, log_format::EntryValue(*change.entry));
    if (!added.ok()) return absl::UnavailableError(added.ToString());
  }
  batch.Put(ToSlice(log_format::kRevisionKey),
            log_format::RevisionValue(changes.back().revision));
  return Write(&batch);
}

absl::Status RocksDbLog::CreateTable(std::string_view name) {
  rocksdb::WriteBatch batch;
  batch.Put(log_format::TableKey(name), "");
  return Write(&batch);
}

absl::Status RocksDbLog::DeleteTable(std::string_view name) {
  rocksdb::WriteBatch batch;
  batch.Delete(log_format::TableKey(name));
  batch.DeleteRange(log_format::EntriesBegin(name), log_format::EntriesEnd(name));
  return Write(&batch);
}

absl::Status RocksDbLog::Write(rocksdb::WriteBatch* batch) {
  rocksdb::WriteOptions options;
  options.sync = durability_ == Durability::kSync;
  const rocksdb::Status status = db_->Write(options, batch);
  return status.ok() ? absl::OkStatus() : absl::UnavailableError(status.ToString());
}

absl::Status RocksDbLog::Sync() {
  const rocksdb::Status status = db_->SyncWAL();
  return status.ok() ? absl::OkStatus() : absl::UnavailableError(status.ToString());
}

absl::Status RocksDbLog::Damaged(const std::string& what) const {
  return DamagedError(directory_.path(), what, durability_);
}

}  // namespace rcukv
