#include "server/service/read_path.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "rcu/entry.h"

namespace rcukv {
namespace {

// Values as in rcukv.v1.Consistency.
constexpr int32_t kPerKey = 0;
constexpr int32_t kSnapshot = 1;

// A guess that is wrong costs at most this much memory, for as long as a call lives.
constexpr size_t kMaxReservedBytes = 1 << 20;

}  // namespace

absl::Status ReadPath::Get(std::string_view request, OutputBuffer* response) {
  GetRequestView get;
  absl::Status status = DecodeGetRequest(request, &get);
  if (!status.ok()) return status;
  status = CheckKey("key", get.key, limits_);
  if (!status.ok()) return status;
  const Table* table = tables_->Find(get.table);
  if (table == nullptr) return NoSuchTable(get.table);
  // Sampled before the lookup: what is looked up afterwards holds every write up to it.
  const uint64_t revision = store_->revision();
  status = CheckMinRevision(get.min_revision, revision);
  if (!status.ok()) return status;
  table->LookupOne(get.key, [&](const rcu::Entry* entry) {
    EncodeGetResponse(entry, revision, response);
  });
  return absl::OkStatus();
}

absl::Status ReadPath::BatchGet(std::string_view request, OutputBuffer* response) {
  absl::Status status = DecodeBatchGetRequest(request, limits_.max_batch_keys, &batch_);
  if (!status.ok()) return status;
  status = CheckBatch();
  if (!status.ok()) return status;
  const Table* table = tables_->Find(batch_.table);
  if (table == nullptr) return NoSuchTable(batch_.table);
  const uint64_t revision = store_->revision();
  status = CheckMinRevision(batch_.min_revision, revision);
  if (!status.ok()) return status;
  status = LookupBatch(*table, response);
  if (!status.ok()) return status;
  // A table is cleared slice by slice when it goes: no moment to answer with.
  if (batch_.consistency == kSnapshot && table->dropped()) {
    return NoSuchTable(batch_.table);
  }
  EncodeBatchGetRevision(revision, response);
  return absl::OkStatus();
}

absl::Status ReadPath::CheckBatch() const {
  if (batch_.key_count == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("keys: empty, a batch has 1 to ", limits_.max_batch_keys, " keys"));
  }
  if (batch_.key_count > limits_.max_batch_keys) {
    return OverLimit("keys", batch_.key_count, "keys", limits_.max_batch_keys,
                     "max_batch_keys");
  }
  for (size_t i = 0; i < batch_.keys.size(); ++i) {
    const std::string_view key = batch_.keys[i];
    if (!key.empty() && key.size() <= limits_.max_key_bytes) continue;
    return CheckKey(absl::StrCat("keys[", i, "]"), key, limits_);
  }
  if (batch_.consistency != kPerKey && batch_.consistency != kSnapshot) {
    // Taken for PER_KEY it would promise less than the client asked for.
    return absl::InvalidArgumentError(absl::StrCat("consistency: ", batch_.consistency,
                                                   " is not known to this server"));
  }
  return absl::OkStatus();
}

absl::Status ReadPath::LookupBatch(const Table& table, OutputBuffer* response) {
  const size_t keys = batch_.keys.size();
  response->Reserve(std::min(keys * bytes_per_key_, kMaxReservedBytes));
  const size_t limit = limits_.max_response_bytes;
  // Past the limit the rest is only counted, for the error to name.
  size_t unencoded = 0;
  const auto encode = [&](size_t, absl::Span<const rcu::Entry* const> entries) {
    if (response->size() <= limit) {
      EncodeBatchGetResults(entries, response);
    } else {
      unencoded += BatchGetResultsBytes(entries);
    }
  };
  if (batch_.consistency == kSnapshot) {
    table.LookupSnapshot(batch_.keys, encode);
  } else {
    table.Lookup(batch_.keys, section_, encode);
  }
  const size_t bytes = response->size() + unencoded;
  if (bytes > limit) {
    return OverLimit("keys", bytes, "bytes in the response", limit, "max_response_bytes");
  }
  // With an eighth to spare, so that batches alike fit without growing the buffer.
  const size_t copied = response->copied_bytes();
  bytes_per_key_ = (copied + copied / 8) / keys + 1;
  return absl::OkStatus();
}

}  // namespace rcukv
