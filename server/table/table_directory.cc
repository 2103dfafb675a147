#include "server/table/table_directory.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/table/printable.h"

namespace rcukv {
namespace {

bool MayBeInAName(char c) {
  return absl::ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

absl::Status CheckName(std::string_view name) {
  constexpr char kRule[] =
      "a table's name is 1 to 128 of: letters, digits, '_', '-', '.'";
  if (name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("name: empty; ", kRule));
  }
  if (name.size() > TableDirectory::kMaxNameBytes) {
    return absl::InvalidArgumentError(
        absl::StrFormat("name: %d bytes, over the limit of %d; %s", name.size(),
                        TableDirectory::kMaxNameBytes, kRule));
  }
  for (const char& c : name) {
    if (MayBeInAName(c)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "name: ", Printable(name), " has ", Printable({&c, 1}), " in it; ", kRule));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status NoSuchTable(std::string_view name) {
  return absl::NotFoundError(absl::StrCat("no table ", Printable(name)));
}

TableDirectory::TableDirectory(Protection& protection) : protection_(protection) {
  const std::string name(kDefaultTable);
  std::lock_guard lock(mutex_);
  Publish({{name, protection_.NewTable(name)}});
}

absl::Status TableDirectory::Create(std::string_view name) {
  std::lock_guard lock(mutex_);
  if (absl::Status status = CheckNew(name, *tables_); !status.ok()) return status;
  Tables next = *tables_;
  next.emplace(name, protection_.NewTable(std::string(name)));
  Publish(std::move(next));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> TableDirectory::Delete(std::string_view name) {
  const absl::StatusOr<std::shared_ptr<Table>> table = Remove(name);
  if (!table.ok()) return table.status();
  return (*table)->Clear();
}

absl::StatusOr<std::shared_ptr<Table>> TableDirectory::Remove(std::string_view name) {
  std::shared_ptr<Table> table;
  {
    std::lock_guard lock(mutex_);
    if (absl::Status status = CheckKnown(name, *tables_); !status.ok()) return status;
    Tables next = *tables_;
    const auto found = next.find(name);
    table = found->second;
    next.erase(found);
    Publish(std::move(next));
  }
  table->MarkDropped();
  return table;
}

absl::Status TableDirectory::CheckCreate(std::string_view name) const {
  return CheckNew(name, *Snapshot());
}

absl::Status TableDirectory::CheckDelete(std::string_view name) const {
  return CheckKnown(name, *Snapshot());
}

absl::Status TableDirectory::CheckNew(std::string_view name, const Tables& tables) {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  if (tables.contains(name)) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a table ", Printable(name), " already"));
  }
  if (tables.size() >= kMaxTables) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are ", tables.size(), " tables, the most there can be; ",
                     "delete one before you create ", Printable(name)));
  }
  return absl::OkStatus();
}

absl::Status TableDirectory::CheckKnown(std::string_view name, const Tables& tables) {
  if (name == kDefaultTable) {
    return absl::FailedPreconditionError("the table \"default\" cannot be deleted");
  }
  return tables.contains(name) ? absl::OkStatus() : NoSuchTable(name);
}

std::shared_ptr<Table> TableDirectory::FindShared(std::string_view name) const {
  return Reader(*this).FindShared(name);
}

std::vector<TableDirectory::TableInfo> TableDirectory::List() const {
  std::vector<TableInfo> list;
  for (const auto& [name, table] : *Snapshot()) list.push_back({name, table->Size()});
  return list;
}

uint64_t TableDirectory::Bytes() const {
  uint64_t bytes = 0;
  for (const auto& [name, table] : *Snapshot()) {
    const TableSize size = table->Size();
    bytes += size.bytes + size.bucket_bytes;
  }
  return bytes;
}

std::shared_ptr<const TableDirectory::Tables> TableDirectory::Snapshot() const {
  std::lock_guard lock(mutex_);
  return tables_;
}

void TableDirectory::Publish(Tables tables) {
  tables_ = std::make_shared<const Tables>(std::move(tables));
  // relaxed: stores are ordered by mutex_.
  const uint64_t version = version_.load(std::memory_order_relaxed) + 1;
  // release; pairs with the load in FindPointer. What a reader of the new version needs,
  // it takes under mutex_.
  version_.store(version, std::memory_order_release);
}

TableDirectory::Reader::Reader(const TableDirectory& directory) : directory_(directory) {
  Refresh();
}

void TableDirectory::Reader::Refresh() {
  std::shared_ptr<const Tables> old;  // freed without the lock
  std::lock_guard lock(directory_.mutex_);
  // relaxed: stored under the mutex.
  version_ = directory_.version_.load(std::memory_order_relaxed);
  old = std::exchange(tables_, directory_.tables_);
}

const std::shared_ptr<Table>* TableDirectory::Reader::FindPointer(std::string_view name) {
  // acquire; pairs with Publish.
  if (directory_.version_.load(std::memory_order_acquire) != version_) Refresh();
  const auto found = tables_->find(name.empty() ? kDefaultTable : name);
  return found == tables_->end() ? nullptr : &found->second;
}

}  // namespace rcukv
