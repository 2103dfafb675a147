// Watch from request bytes to response bytes. Knows no gRPC.
//
// Thread safety: one thread at a time; each serving thread has one of its own.
#ifndef RCUKV_SERVER_SERVICE_WATCH_PATH_H_
#define RCUKV_SERVER_SERVICE_WATCH_PATH_H_

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/change_history.h"
#include "server/store/store.h"
#include "server/store/watch.h"
#include "server/table/table_directory.h"

namespace rcukv {

class WatchPath {
 public:
  // All outlive the path and its watches; `tables` belongs to the thread that calls it.
  WatchPath(const Limits& limits, const Store* store, TableDirectory::Reader* tables)
      : limits_(limits), store_(store), tables_(tables) {}

  // The watch that a serialized WatchRequest asks for. INVALID_ARGUMENT; NOT_FOUND, the
  // table; OUT_OF_RANGE and RESOURCE_EXHAUSTED as ChangeHistory::OpenWatch;
  // FAILED_PRECONDITION, it is to begin ahead of the store; UNIMPLEMENTED, the store
  // keeps no changes.
  absl::StatusOr<std::unique_ptr<Watch>> Open(std::string_view request);

  // Watch::Next; puts a serialized WatchResponse into `response`, which is empty, where
  // there is a turn.
  absl::StatusOr<bool> Next(Watch& watch, Watch::Tell tell, ChangeHistory::Waiter* waiter,
                            OutputBuffer* response);

 private:
  // With a WatchHistory where it is OUT_OF_RANGE.
  absl::Status WithDetails(absl::Status status) const;

  const Limits limits_;
  const Store* const store_;
  TableDirectory::Reader* const tables_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WATCH_PATH_H_
