#include "server/store/memory_store.h"

#include "server/store/change_history.h"

namespace rcukv {

MemoryStore::MemoryStore(Protection& protection, TableDirectory& tables,
                         const Options& options)
    : tables_(tables), committer_(protection, ToCommitterOptions(options, tables)) {}

absl::StatusOr<uint64_t> MemoryStore::DeleteTable(std::string_view table) {
  absl::StatusOr<uint64_t> entries = tables_.Delete(table);
  if (entries.ok() && history() != nullptr) history()->WakeAll();
  return entries;
}

}  // namespace rcukv
