// Where a Scan goes on: the cursor, wrapped so that it fits one scan of one server
// process.
//
// A cursor is a place in the hash's order, and the hash is seeded at random per process:
// with another process, table or prefix it would mean something else, and say nothing.
#ifndef RCUKV_SERVER_SERVICE_PAGE_TOKEN_H_
#define RCUKV_SERVER_SERVICE_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace rcukv {

// One per server. Thread safety: immutable; any number of threads.
class PageTokens {
 public:
  PageTokens();

  // A token for a scan of `table` with `prefix` that goes on from `cursor`.
  std::string Make(std::string_view table, std::string_view prefix,
                   uint64_t cursor) const;

  // The cursor of a token; 0 for the empty one. INVALID_ARGUMENT where Make of this
  // object did not give it for this table and prefix.
  absl::StatusOr<uint64_t> Read(std::string_view token, std::string_view table,
                                std::string_view prefix) const;

 private:
  // Drawn at random: tells one server process from another.
  const uint64_t instance_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_PAGE_TOKEN_H_
