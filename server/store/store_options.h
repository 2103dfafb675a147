// What every store is told.
#ifndef RCUKV_SERVER_STORE_STORE_OPTIONS_H_
#define RCUKV_SERVER_STORE_STORE_OPTIONS_H_

#include <cstddef>
#include <cstdint>

#include "server/store/change_history.h"
#include "server/store/committer.h"
#include "server/table/protection.h"
#include "server/table/table_directory.h"

namespace rcukv {

struct StoreOptions {
  // What all tables together may take: keys, values, entry headers and buckets. Past it
  // a write that grows them is refused. 0: no limit.
  uint64_t memory_limit_bytes = 0;
  // What writes that wait may take; past it they are refused.
  size_t max_queued_bytes = size_t{64} << 20;
  ReclaimMode reclaim_mode = ReclaimMode::kCallRcu;
  // Of the changes that are kept for watches. 0 bytes: none are.
  ChangeHistory::Limits history = {.max_bytes = 0};
  // As Committer::Options has it.
  bool publishes_in_parts = false;
};

// Of a committer for these tables, which must outlive it.
Committer::Options ToCommitterOptions(const StoreOptions& options,
                                      const TableDirectory& tables);

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_STORE_OPTIONS_H_
