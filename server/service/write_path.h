// Put and Delete from request bytes to response bytes, through the store. Knows no gRPC.
//
// Thread safety: one thread at a time; each serving thread has one of its own.
#ifndef RCUKV_SERVER_SERVICE_WRITE_PATH_H_
#define RCUKV_SERVER_SERVICE_WRITE_PATH_H_

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/store.h"
#include "server/table/table_directory.h"

namespace rcukv {

class WritePath {
 public:
  // Takes the answer: OK and a serialized PutResponse or DeleteResponse, or an error.
  // Called once, by the caller's thread or by one of the store's. Must not block.
  using Reply = std::function<void(const absl::Status&, OutputBuffer)>;

  // All outlive the path and every reply; `tables` belongs to the thread that calls it.
  WritePath(const Limits& limits, Store* store, TableDirectory::Reader* tables)
      : limits_(limits), store_(store), tables_(tables) {}

  // Neither waits for the write. `request` is needed only until they return.
  void Put(std::string_view request, Reply reply);
  void Delete(std::string_view request, Reply reply);

 private:
  const Limits limits_;
  Store* const store_;
  TableDirectory::Reader* const tables_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WRITE_PATH_H_
