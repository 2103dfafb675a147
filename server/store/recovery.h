// Loads what a durable log holds into the tables, when the server starts.
#ifndef RCUKV_SERVER_STORE_RECOVERY_H_
#define RCUKV_SERVER_STORE_RECOVERY_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "server/store/durable_log.h"
#include "server/table/table_directory.h"

namespace rcukv {

struct RecoveryOptions {
  // Threads that load. 0: as many as there are cores.
  unsigned threads = 0;
  // Is told how far it is, in a line without a newline: each `interval`, and at the end.
  // Called by the calling thread. Empty: nobody is told.
  std::function<void(const std::string&)> say = nullptr;
  std::chrono::milliseconds interval{2000};
};

// Makes the log's tables, and loads its entries into them, in parallel. The directory has
// nothing but the default table. Returns how many entries there were; DATA_LOSS for a log
// that contradicts itself or cannot be read. Memory limits are not looked at.
absl::StatusOr<uint64_t> Recover(const DurableLog& log, TableDirectory& tables,
                                 const RecoveryOptions& options);

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_RECOVERY_H_
