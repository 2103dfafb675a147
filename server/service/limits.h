// What a request may hold at most, and the errors that say so.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_SERVER_SERVICE_LIMITS_H_
#define RCUKV_SERVER_SERVICE_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace rcukv {

// In bytes, where not said otherwise. The defaults are those of the proto's comments.
struct Limits {
  size_t max_key_bytes = 4096;
  size_t max_value_bytes = 1 << 20;
  // Keys of one BatchGet, and writes of one BatchWrite.
  size_t max_batch_keys = 10'000;
  // Compares of one Txn, and operations of each of its branches.
  size_t max_txn_operations = 128;
  // The request of one Txn. It holds up the writes behind it.
  size_t max_txn_bytes = 16 << 20;
  size_t max_response_bytes = 64 << 20;
  // Entries of one page of a Scan.
  uint32_t default_page_entries = 1'000;
  uint32_t max_page_entries = 10'000;
  // A page of a Scan ends with the entry that reaches it. With a value of the default
  // limit on top it stays well below the 4 MiB that gRPC's clients accept by default.
  size_t page_bytes = 1 << 20;
};

// OK if `key` has 1 to max_key_bytes bytes; else INVALID_ARGUMENT that calls it `field`.
absl::Status CheckKey(std::string_view field, std::string_view key, const Limits& limits);

// OK if `value` has no more than max_value_bytes bytes; else as above.
absl::Status CheckValue(std::string_view field, std::string_view value,
                        const Limits& limits);

// UNIMPLEMENTED if `ttl` is not 0.
absl::Status CheckTtl(std::string_view field, uint64_t ttl);

// INVALID_ARGUMENT: "value: 2000000 bytes, the limit is 1048576 (max_value_bytes)".
absl::Status OverLimit(std::string_view field, uint64_t value, std::string_view unit,
                       uint64_t limit, std::string_view limit_name);

// FAILED_PRECONDITION if `min_revision` is ahead of `revision`.
absl::Status CheckMinRevision(uint64_t min_revision, uint64_t revision);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_LIMITS_H_
