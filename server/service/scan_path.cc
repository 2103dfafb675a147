#include "server/service/scan_path.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "rcu/entry.h"
#include "server/service/message_bytes.h"
#include "server/service/wire.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

// A section over so many buckets takes well under a millisecond.
constexpr size_t kBucketsPerSection = 1024;
// And a call over so many some ten.
constexpr size_t kSectionsPerPage = 64;

// Fills `response` with entries of one page; returns the cursor to go on from.
uint64_t FillPage(const Table& table, const v1::ScanRequest& request, uint64_t cursor,
                  size_t max_entries, size_t max_bytes, OutputBuffer* response) {
  const std::string_view prefix = request.prefix();
  size_t entries = 0;
  bool full = false;
  const auto visit = [&](const rcu::Entry& entry) {
    if (!entry.key().starts_with(prefix)) return true;
    EncodeScanEntry(entry, request.keys_only(), response);
    full = ++entries >= max_entries || response->size() >= max_bytes;
    return !full;
  };
  for (size_t section = 0; section < kSectionsPerPage && !full; ++section) {
    cursor = table.Scan(cursor, kBucketsPerSection, visit);
    if (cursor == 0) break;
  }
  return cursor;
}

}  // namespace

absl::Status ScanPath::Scan(std::string_view bytes, OutputBuffer* response) {
  v1::ScanRequest request;
  absl::Status status = ParseMessage(bytes, &request);
  if (!status.ok()) return status;
  if (request.page_size() > limits_.max_page_entries) {
    return OverLimit("page_size", request.page_size(), "entries",
                     limits_.max_page_entries, "fixed");
  }
  if (request.prefix().size() > limits_.max_key_bytes) {
    return OverLimit("prefix", request.prefix().size(), "bytes", limits_.max_key_bytes,
                     "max_key_bytes");
  }
  const Table* table = tables_->Find(request.table());
  if (table == nullptr) return NoSuchTable(request.table());
  const absl::StatusOr<uint64_t> start =
      tokens_->Read(request.page_token(), table->name(), request.prefix());
  if (!start.ok()) return start.status();

  // The end of the message; sampled before the entries, which hold every write up to it.
  v1::ScanResponse rest;
  rest.set_revision(store_->revision());
  const size_t max_entries =
      request.page_size() == 0 ? limits_.default_page_entries : request.page_size();
  const uint64_t next =
      FillPage(*table, request, *start, max_entries, limits_.page_bytes, response);
  if (next != 0) {
    rest.set_next_page_token(tokens_->Make(table->name(), request.prefix(), next));
  }
  AppendMessage(rest, response);
  return absl::OkStatus();
}

}  // namespace rcukv
