#include "server/store/memory_store.h"

#include "rcu/entry.h"

namespace rcukv {
namespace {

Committer::Options CommitterOptions(const TableDirectory& tables,
                                    const MemoryStore::Options& options) {
  Committer::Options result;
  result.reclaim_mode = options.reclaim_mode;
  result.max_queued_bytes = options.max_queued_bytes;
  if (options.memory_limit_bytes != 0) {
    result.memory_limit_bytes = options.memory_limit_bytes;
    result.used_bytes = [&tables] { return tables.Bytes() + rcu::Entry::kept_bytes(); };
  }
  return result;
}

}  // namespace

MemoryStore::MemoryStore(Protection& protection, const TableDirectory& tables,
                         const Options& options)
    : committer_(protection, CommitterOptions(tables, options)) {}

}  // namespace rcukv
