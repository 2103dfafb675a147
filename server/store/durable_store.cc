#include "server/store/durable_store.h"

#include <atomic>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/store/change_history.h"

namespace rcukv {
namespace {

std::string Failure(const DurableLog& log, const absl::Status& cause) {
  return absl::StrCat("the store failed to write in ", std::string(log.place()), ": ",
                      std::string(cause.message()));
}

constexpr char kRemedy[] =
    "the server takes no more writes, and goes on reading, until the cause is mended and "
    "it is restarted";

}  // namespace

absl::StatusOr<std::unique_ptr<DurableStore>> DurableStore::Open(
    Protection& protection, TableDirectory& tables, std::unique_ptr<DurableLog> log,
    const Options& options, const RecoveryOptions& recovery) {
  const absl::StatusOr<uint64_t> entries = Recover(*log, tables, recovery);
  if (!entries.ok()) return entries.status();
  return std::unique_ptr<DurableStore>(
      new DurableStore(protection, tables, std::move(log), options));
}

DurableStore::DurableStore(Protection& protection, TableDirectory& tables,
                           std::unique_ptr<DurableLog> log, const Options& options)
    : tables_(tables),
      log_(std::move(log)),
      committer_(protection, CommitterOptions(options)) {}

DurableStore::~DurableStore() { (void)Stop(); }

Committer::Options DurableStore::CommitterOptions(const Options& options) {
  Committer::Options result = ToCommitterOptions(options, tables_);
  result.initial_revision = log_->contents().revision;
  result.make_durable = [this](absl::Span<const Change> changes) {
    return Append(changes);
  };
  return result;
}

absl::Status DurableStore::Append(absl::Span<const Change> changes) {
  std::lock_guard lock(log_mutex_);
  return Log([&] { return log_->Append(changes); });
}

absl::Status DurableStore::CreateTable(std::string_view table) {
  std::lock_guard lock(log_mutex_);
  if (absl::Status status = tables_.CheckCreate(table); !status.ok()) return status;
  absl::Status logged = Log([&] { return log_->CreateTable(table); });
  return logged.ok() ? tables_.Create(table) : logged;
}

absl::StatusOr<uint64_t> DurableStore::DeleteTable(std::string_view table) {
  absl::StatusOr<std::shared_ptr<Table>> removed;
  {
    std::lock_guard lock(log_mutex_);
    if (absl::Status status = tables_.CheckDelete(table); !status.ok()) return status;
    absl::Status logged = Log([&] { return log_->DeleteTable(table); });
    if (!logged.ok()) return logged;
    removed = tables_.Remove(table);
  }
  if (!removed.ok()) return removed.status();
  if (history() != nullptr) history()->WakeAll();
  return (*removed)->Clear();
}

absl::StatusOr<BackupResult> DurableStore::Backup(
    const std::string& directory, absl::FunctionRef<bool()> is_cancelled) {
  // It may have writes of which nobody knows whether they are kept.
  if (std::string why = failure(); !why.empty()) return absl::InternalError(why);
  return log_->Backup(directory, revision(), is_cancelled);
}

std::string DurableStore::failure() const {
  // acquire: partner of the release in Fail.
  if (!has_failed_.load(std::memory_order_acquire)) return "";
  return absl::StrCat(failure_, "; ", kRemedy);
}

void DurableStore::Fail(const absl::Status& cause) {
  failure_ = Failure(*log_, cause);
  // release: partner of the acquire in failure(), which then finds the text.
  has_failed_.store(true, std::memory_order_release);
  std::fprintf(stderr, "rcukv_server: %s; %s\n", failure_.c_str(), kRemedy);
}

absl::Status DurableStore::Log(absl::FunctionRef<absl::Status()> write) {
  if (!failure_.empty()) {
    // What no retry mends; FAILED_PRECONDITION is an expectation that does not hold.
    return absl::InternalError(failure());
  }
  const absl::Status status = write();
  if (status.ok()) return status;
  Fail(status);
  return absl::UnknownError(absl::StrCat(
      failure_, "; whether this write is kept will show after a restart; ", kRemedy));
}

absl::Status DurableStore::Stop() {
  committer_.Stop();
  std::lock_guard lock(log_mutex_);
  // A second sync might say that all is well, though the first has lost something.
  if (!end_.has_value()) end_ = SyncAtEnd();
  return *end_;
}

absl::Status DurableStore::SyncAtEnd() {
  if (!failure_.empty()) {
    return absl::InternalError(
        absl::StrCat("the end of a server that took no more writes: ", failure_));
  }
  const absl::Status synced = log_->Sync();
  if (synced.ok()) return synced;
  return absl::InternalError(absl::StrCat(
      Failure(*log_, synced), "; this was the last sync: what was answered may be lost ",
      "if the system fails before it has written it"));
}

}  // namespace rcukv
