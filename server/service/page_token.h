// Where a Scan goes on: the cursor, wrapped so that it fits one scan of one server
// process, and says nothing to anybody else.
//
// A cursor is a place in the hash's order, and the hash is seeded at random per process:
// with another process, table or prefix it would mean something else, and say nothing.
// It is the full hash of a key besides. Who knows enough of those can tell the seed, and
// then prepare keys that collide; so it goes out encrypted.
#ifndef RCUKV_SERVER_SERVICE_PAGE_TOKEN_H_
#define RCUKV_SERVER_SERVICE_PAGE_TOKEN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace rcukv {

// One per server. Thread safety: immutable; any number of threads. All may throw
// std::bad_alloc.
class PageTokens {
 public:
  PageTokens();
  ~PageTokens();
  PageTokens(const PageTokens&) = delete;
  PageTokens& operator=(const PageTokens&) = delete;

  // A token for a scan of `table` with `prefix` that goes on from `cursor`.
  std::string Make(std::string_view table, std::string_view prefix,
                   uint64_t cursor) const;

  // The cursor of a token; 0 for the empty one. INVALID_ARGUMENT where Make of this
  // object did not give it for this table and prefix.
  absl::StatusOr<uint64_t> Read(std::string_view token, std::string_view table,
                                std::string_view prefix) const;

 private:
  class Cipher;

  // Drawn at random: tells one server process from another.
  const uint64_t instance_;
  const std::unique_ptr<const Cipher> cipher_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_PAGE_TOKEN_H_
