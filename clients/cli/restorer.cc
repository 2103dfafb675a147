#include "clients/cli/restorer.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/output.h"

namespace rcukv::cli {
namespace {

constexpr size_t kMaxShownKeyBytes = 80;

std::string Shown(const std::string& key) {
  return absl::StrCat("key \"", Printable(key.substr(0, kMaxShownKeyBytes)),
                      key.size() > kMaxShownKeyBytes ? "...\"" : "\"");
}

absl::StatusOr<bool> IsEmpty(const Client& client, const std::string& table) {
  Scanner scanner = client.Scan({.table = table, .keys_only = true, .page_size = 1});
  const bool is_empty = scanner.Next() == nullptr;
  if (!scanner.status().ok()) return scanner.status();
  return is_empty;
}

}  // namespace

absl::Status CheckRestorable(const DumpBlock& block) {
  for (const Entry& entry : block.entries) {
    if (entry.expire_time == absl::InfiniteFuture()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("table ", block.table, ", ", Shown(entry.key), ": it expires at ",
                     absl::FormatTime(entry.expire_time, absl::UTCTimeZone()),
                     ", and this version of rcukv could only restore it for ever"));
  }
  return absl::OkStatus();
}

Restorer::Restorer(const Client& client, RestoreOptions options)
    : client_(client), options_(std::move(options)) {}

absl::Status Restorer::Prepare(const DumpHeader& header, const AdminClient* admin) {
  if (!options_.table.empty() && header.tables.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("the dump is of ", header.tables.size(),
                     " tables, which --table would make one; leave it out"));
  }
  for (const std::string& table : header.tables) {
    if (auto status = PrepareTable(TargetOf(table), admin); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Restorer::PrepareTable(const std::string& table, const AdminClient* admin) {
  absl::StatusOr<bool> is_empty = IsEmpty(client_, table);
  if (absl::IsNotFound(is_empty.status())) {
    if (admin == nullptr) {
      return absl::NotFoundError(absl::StrCat("there is no table ", Printable(table),
                                              "; --create would make it"));
    }
    return admin->CreateTable(table);
  }
  if (!is_empty.ok()) return is_empty.status();
  if (*is_empty || options_.merge) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("table ", Printable(table),
                   " has entries; --merge would add those of the dump, and replace ",
                   "those with the same keys"));
}

absl::Status Restorer::Write(const DumpBlock& block) {
  const std::string& table = TargetOf(block.table);
  if (writer_ == nullptr || table != table_) {
    if (absl::Status status = Finish(); !status.ok()) return status;
    table_ = table;
    writer_ = std::make_unique<BulkWriter>(client_, BulkWriterOptions{.table = table});
  }
  for (const Entry& entry : block.entries) {
    if (writer_->Put(entry.key, entry.value)) continue;
    if (absl::Status status = TakeFailures(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Restorer::Finish() {
  if (writer_ == nullptr) return absl::OkStatus();
  writer_->Flush();
  const absl::Status status = TakeFailures();
  written_ += writer_->written();
  written_bytes_ += writer_->written_bytes();
  writer_.reset();
  return status;
}

absl::Status Restorer::TakeFailures() {
  const std::vector<BulkWriter::Failure> failures = writer_->TakeFailures();
  if (failures.empty()) return absl::OkStatus();
  const BulkWriter::Failure& first = failures.front();
  return absl::Status(first.status.code(),
                      absl::StrCat("table ", Printable(table_), ", ", Shown(first.key),
                                   ": ", std::string(first.status.message())));
}

}  // namespace rcukv::cli
