// The protobuf wire format of the calls that have to be fast, without protobuf objects.
//
// A request is decoded to views of the bytes it arrived in; a response is encoded
// straight from the entries. What comes out is what protobuf would have made of it:
//
//   (A) A decoder accepts exactly the bytes that protobuf's generated parser accepts, and
//       reads the same content: unknown fields are skipped, the last value of a singular
//       field wins, an enum keeps values it does not know.
//   (B) That includes the rule of proto3 that a `string` is valid UTF-8: a table name
//       which is not is malformed. Keys and values are `bytes` and may be anything.
//   (C) An encoder writes the same bytes as protobuf's serializer.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_SERVER_SERVICE_WIRE_H_
#define RCUKV_SERVER_SERVICE_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "rcu/entry.h"
#include "server/service/output_buffer.h"

namespace rcukv {

// rcukv.v1.GetRequest.
struct GetRequestView {
  std::string_view table;
  std::string_view key;
  uint64_t min_revision = 0;
};

// rcukv.v1.BatchGetRequest.
struct BatchGetRequestView {
  std::string_view table;
  // The first `max_kept_keys` of the request's keys.
  std::vector<std::string_view> keys;
  // All of them.
  size_t key_count = 0;
  uint64_t min_revision = 0;
  // Values as in rcukv.v1.Consistency; any other is possible.
  int32_t consistency = 0;
};

// Both replace what `request` held; its views point into `bytes`. INVALID_ARGUMENT names
// the message, what is wrong and at which byte; `request` is then unspecified.
absl::Status DecodeGetRequest(std::string_view bytes, GetRequestView* request);

// Keeps no more than `max_kept_keys` keys, so that a request of millions of empty keys
// costs no memory, and counts the rest. Reuses the memory of request->keys.
absl::Status DecodeBatchGetRequest(std::string_view bytes, size_t max_kept_keys,
                                   BatchGetRequestView* request);

// Appends a GetResponse. `entry` is null where there is no such key.
void EncodeGetResponse(const rcu::Entry* entry, uint64_t revision, OutputBuffer* out);
size_t GetResponseBytes(const rcu::Entry* entry, uint64_t revision);

// Values that can be shared (rcu::Entry::shareable) are not copied: what is encoded
// refers to them. So encoders run inside the section in which the entries were found, or
// while the caller keeps them.

// Appends one of a TxnResponse's responses, a GetResponse; as EncodeGetResponse.
void EncodeTxnGet(const rcu::Entry* entry, uint64_t revision, OutputBuffer* out);

// A BatchGetResponse is its results, in order, and then its revision. Results are made a
// group at a time; `entries` has null where there is no such key.
void EncodeBatchGetResults(absl::Span<const rcu::Entry* const> entries,
                           OutputBuffer* out);
size_t BatchGetResultsBytes(absl::Span<const rcu::Entry* const> entries);
void EncodeBatchGetRevision(uint64_t revision, OutputBuffer* out);

// A WatchResponse is its revision, and then its events, in order: the entry that was put,
// or one with the key that was deleted, and when.
void EncodeWatchRevision(uint64_t revision, OutputBuffer* out);
void EncodeWatchPut(const rcu::Entry& entry, OutputBuffer* out);
void EncodeWatchDelete(const rcu::Entry& deleted, OutputBuffer* out);

// Appends one of a ScanResponse's entries.
void EncodeScanEntry(const rcu::Entry& entry, bool keys_only, OutputBuffer* out);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WIRE_H_
