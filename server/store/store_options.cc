#include "server/store/store_options.h"

#include "rcu/entry.h"

namespace rcukv {

Committer::Options ToCommitterOptions(const StoreOptions& options,
                                      const TableDirectory& tables) {
  Committer::Options result;
  result.reclaim_mode = options.reclaim_mode;
  result.max_queued_bytes = options.max_queued_bytes;
  result.publishes_in_parts = options.publishes_in_parts;
  if (options.memory_limit_bytes != 0) {
    result.memory_limit_bytes = options.memory_limit_bytes;
    result.used_bytes = [&tables] { return tables.Bytes() + rcu::Entry::kept_bytes(); };
  }
  return result;
}

}  // namespace rcukv
