// The tables of a server, by name.
//
//   TableDirectory directory(protection);
//   absl::Status status = directory.Create("routes");
//
//   TableDirectory::Reader reader(directory);      // one for each serving thread
//   if (Table* table = reader.Find("routes")) ...  // no lock, no reference count
//
// The names lie in an immutable map that is replaced as a whole when a table is created
// or deleted. A Reader keeps the map it saw last, and takes the directory's lock only
// when one atomic version number says that there is a newer one.
//
// A deleted table is dropped (see Table::Drop) before Delete returns: its entries are
// unlinked and reclaimed whoever still holds a pointer to it, and a write that was on its
// way publishes nothing in it. What an idle Reader keeps of it is the empty table, until
// its next Find.
#ifndef RCUKV_SERVER_TABLE_TABLE_DIRECTORY_H_
#define RCUKV_SERVER_TABLE_TABLE_DIRECTORY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/table/protection.h"
#include "server/table/table.h"

namespace rcukv {

// NOT_FOUND, naming the table.
absl::Status NoSuchTable(std::string_view name);

// Thread safety: every method may be called by any thread at any time, but none from
// inside a read-side critical section.
class TableDirectory {
 public:
  static constexpr std::string_view kDefaultTable = "default";
  static constexpr size_t kMaxNameBytes = 128;
  // So many tables may be there at a time: Create copies the map of names.
  static constexpr size_t kMaxTables = 1024;

  struct TableInfo {
    std::string name;
    TableSize size;
  };

  class Reader;

  // Has the default table from the beginning. `protection` must outlive the directory.
  explicit TableDirectory(Protection& protection);
  TableDirectory(const TableDirectory&) = delete;
  TableDirectory& operator=(const TableDirectory&) = delete;

  // Makes an empty table. INVALID_ARGUMENT for a name that is not 1 to 128 of letters,
  // digits, '_', '-', '.'; ALREADY_EXISTS; RESOURCE_EXHAUSTED where there are kMaxTables.
  absl::Status Create(std::string_view name);

  // Removes a table and everything in it; returns how many entries that was. NOT_FOUND;
  // FAILED_PRECONDITION for the default table.
  absl::StatusOr<uint64_t> Delete(std::string_view name);

  // What Create and Delete would answer now, for those who have to do something first.
  absl::Status CheckCreate(std::string_view name) const;
  absl::Status CheckDelete(std::string_view name) const;

  // The quick half of Delete: the table is marked as dropped, and whoever looks for it
  // finds it no more. The caller Clears it.
  absl::StatusOr<std::shared_ptr<Table>> Remove(std::string_view name);

  // A table that stays valid, for threads that have no Reader. Null: no such table.
  std::shared_ptr<Table> FindShared(std::string_view name) const;

  // Sorted by name.
  std::vector<TableInfo> List() const;

  // What all tables take: entries and buckets.
  uint64_t Bytes() const;

 private:
  using Tables = std::map<std::string, std::shared_ptr<Table>, std::less<>>;

  std::shared_ptr<const Tables> Snapshot() const;
  // What Create and Delete answer where these tables are there.
  static absl::Status CheckNew(std::string_view name, const Tables& tables);
  static absl::Status CheckKnown(std::string_view name, const Tables& tables);
  // Replaces the map; with mutex_ held.
  void Publish(Tables tables);

  Protection& protection_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::shared_ptr<const Tables> tables_;
  // How often tables_ was replaced. Stored with mutex_ held.
  std::atomic<uint64_t> version_{0};
};

// A serving thread's view of the directory.
//
// Thread safety: one thread at a time. The directory must outlive it.
class TableDirectory::Reader {
 public:
  explicit Reader(const TableDirectory& directory);

  // The table of that name ("": default), as the directory has it now; null if there is
  // none. Valid until the next Find, FindShared or Refresh of this reader.
  Table* Find(std::string_view name) {
    const std::shared_ptr<Table>* table = FindPointer(name);
    return table == nullptr ? nullptr : table->get();
  }

  // The same, to be kept as long as one likes: for writes.
  std::shared_ptr<Table> FindShared(std::string_view name) {
    const std::shared_ptr<Table>* table = FindPointer(name);
    return table == nullptr ? nullptr : *table;
  }

  // Takes the newest map now. Find does so when there is need.
  void Refresh();

 private:
  const std::shared_ptr<Table>* FindPointer(std::string_view name);

  const TableDirectory& directory_;
  // The version of tables_, or an older one.
  uint64_t version_ = 0;
  std::shared_ptr<const Tables> tables_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_TABLE_DIRECTORY_H_
