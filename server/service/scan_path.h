// Scan from request bytes to response bytes. Knows no gRPC.
//
// A page is cut by the number of its entries, by their bytes, and by the buckets that
// were walked for it, so that one call cannot hold a serving thread up; and it is walked
// in several read-side sections, so that it cannot hold a grace period up either.
//
// Thread safety: one thread at a time; each serving thread has one of its own.
#ifndef RCUKV_SERVER_SERVICE_SCAN_PATH_H_
#define RCUKV_SERVER_SERVICE_SCAN_PATH_H_

#include <string_view>

#include "absl/status/status.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/service/page_token.h"
#include "server/store/store.h"
#include "server/table/table_directory.h"

namespace rcukv {

class ScanPath {
 public:
  // All outlive the path; `tables` belongs to the thread that calls it.
  ScanPath(const Limits& limits, const PageTokens* tokens, const Store* store,
           TableDirectory::Reader* tables)
      : limits_(limits), tokens_(tokens), store_(store), tables_(tables) {}

  // Puts a serialized ScanResponse into `response`, which is empty, or answers
  // INVALID_ARGUMENT or NOT_FOUND (the table); `response` is then unspecified.
  absl::Status Scan(std::string_view request, OutputBuffer* response);

 private:
  const Limits limits_;
  const PageTokens* const tokens_;
  const Store* const store_;
  TableDirectory::Reader* const tables_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_SCAN_PATH_H_
