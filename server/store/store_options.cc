#include "server/store/store_options.h"

#include <algorithm>

#include "rcu/entry.h"

namespace rcukv {
namespace {

// What is kept of replaced values, without what the history may keep: that has a limit of
// its own. Who deletes to make room would wait for later writes otherwise.
uint64_t KeptBytesBut(uint64_t in_history) {
  const uint64_t kept = rcu::Entry::kept_bytes();
  return kept - std::min(kept, in_history);
}

}  // namespace

Committer::Options ToCommitterOptions(const StoreOptions& options,
                                      const TableDirectory& tables) {
  Committer::Options result;
  result.reclaim_mode = options.reclaim_mode;
  result.max_queued_bytes = options.max_queued_bytes;
  result.publishes_in_parts = options.publishes_in_parts;
  result.history = options.history;
  if (options.memory_limit_bytes != 0) {
    result.memory_limit_bytes = options.memory_limit_bytes;
    result.used_bytes = [&tables, in_history = options.history.max_bytes] {
      return tables.Bytes() + KeptBytesBut(in_history);
    };
  }
  return result;
}

}  // namespace rcukv
