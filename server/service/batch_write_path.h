// BatchWrite from request bytes to response bytes, through the store. Knows no gRPC.
//
// Thread safety: one thread at a time; each serving thread has one of its own.
#ifndef RCUKV_SERVER_SERVICE_BATCH_WRITE_PATH_H_
#define RCUKV_SERVER_SERVICE_BATCH_WRITE_PATH_H_

#include <cstddef>
#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/store.h"
#include "server/table/table_directory.h"

namespace rcukv {

class BatchWritePath {
 public:
  // What the messages of the errors in a response have together, at most. Further errors
  // have a code alone. A response is then, with the default limits, below the 4 MiB that
  // gRPC's clients accept by default.
  static constexpr size_t kMaxMessageBytes = size_t{1} << 20;

  // Takes the answer: OK and a serialized BatchWriteResponse, or an error. Called once,
  // by the caller's thread or by one of the store's. Must not block.
  using Reply = std::function<void(const absl::Status&, OutputBuffer)>;

  // All outlive the path and every reply; `tables` belongs to the thread that calls it.
  BatchWritePath(const Limits& limits, Store* store, TableDirectory::Reader* tables)
      : limits_(limits), store_(store), tables_(tables) {}

  // Does not wait for the writes. `request` is needed only until it returns.
  void BatchWrite(std::string_view request, Reply reply);

 private:
  const Limits limits_;
  Store* const store_;
  TableDirectory::Reader* const tables_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_BATCH_WRITE_PATH_H_
