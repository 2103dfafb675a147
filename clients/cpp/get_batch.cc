#include "clients/cpp/get_batch.h"

#include <algorithm>
#include <utility>

namespace rcukv::internal {
namespace {

std::string TableField(std::string_view table) {
  std::string request;
  AppendTable(table, &request);
  return request;
}

std::string_view Bytes(const grpc::Slice& slice) {
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace

AskedKeys::AskedKeys(std::string_view key)
    : count_(1), shortest_(key.size()), longest_(key.size()) {
  fields_.reserve(KeyFieldBytes(key));
  AppendKey(key, &fields_);
}

AskedKeys::AskedKeys(absl::Span<const std::string> keys)
    : count_(keys.size()), shortest_(keys[0].size()), longest_(keys[0].size()) {
  size_t bytes = 0;
  for (const std::string& key : keys) {
    shortest_ = std::min(shortest_, key.size());
    longest_ = std::max(longest_, key.size());
    bytes += KeyFieldBytes(key);
  }
  fields_.reserve(bytes);
  for (const std::string& key : keys) AppendKey(key, &fields_);
}

GetBatch::GetBatch(std::string_view table)
    : request_(TableField(table)), keys_begin_(request_.size()) {}

size_t GetBatch::Add(const AskedKeys& keys) {
  const size_t place = size();
  request_ += keys.fields();
  callers_.push_back({place + keys.count(), request_.size()});
  return place;
}

size_t GetBatch::CallersUntil(size_t place) const {
  const auto ends_behind = [](size_t key, const Caller& caller) {
    return key < caller.keys_end;
  };
  return std::upper_bound(callers_.begin(), callers_.end(), place, ends_behind) -
         callers_.begin();
}

size_t GetBatch::BytesUntil(size_t place) const {
  return place == 0 ? keys_begin_ : callers_[CallersUntil(place) - 1].bytes_end;
}

size_t GetBatch::MiddleOf(GetRange range) const {
  const size_t middle = range.first + range.size() / 2;
  const size_t callers = CallersUntil(middle);
  const size_t before = callers == 0 ? 0 : callers_[callers - 1].keys_end;
  const size_t behind = callers_[callers].keys_end;
  if (before <= range.first) return behind;
  return behind < range.last && behind - middle < middle - before ? behind : before;
}

grpc::ByteBuffer GetBatch::Request(GetRange range) const {
  const size_t begin = BytesUntil(range.first);
  const size_t end = BytesUntil(range.last);
  if (begin == keys_begin_) {
    const grpc::Slice table_and_keys(request_.data(), end);
    return grpc::ByteBuffer(&table_and_keys, 1);
  }
  const grpc::Slice slices[] = {grpc::Slice(request_.data(), keys_begin_),
                                grpc::Slice(request_.data() + begin, end - begin)};
  return grpc::ByteBuffer(slices, 2);
}

grpc::Status GetBatch::Answer(GetRange range, const grpc::ByteBuffer& response,
                              Format format) {
  if (callers_.size() == 1) {
    unread_ = response;
    unread_format_ = format;
    answered_ = size();
    return grpc::Status::OK;
  }
  grpc::Status status = Read(range, response, format);
  if (status.ok()) answered_ += range.size();
  return status;
}

void GetBatch::ReadUnread() {
  if (!unread_.Valid()) return;
  const grpc::Status status = Read(all(), unread_, unread_format_);
  unread_.Clear();
  if (!status.ok()) errors_.push_back({all(), status});
}

grpc::Status GetBatch::Read(GetRange range, const grpc::ByteBuffer& response,
                            Format format) {
  // Put where it stays before it is read: a short slice has its bytes in itself.
  grpc::Slice& slice = responses_.emplace_front();
  // The second fails only where there is no message, which is read as an empty one.
  if (!response.TrySingleSlice(&slice).ok()) (void)response.DumpToSingleSlice(&slice);
  results_.resize(size());
  const absl::Span<GetResult> results =
      absl::MakeSpan(results_).subspan(range.first, range.size());
  const bool read = format == Format::kGetResponse
                        ? ReadGetResponse(Bytes(slice), &results[0])
                        : ReadBatchGetResponse(Bytes(slice), results);
  if (read) return grpc::Status::OK;
  std::fill(results.begin(), results.end(), GetResult());
  return {grpc::StatusCode::INTERNAL, "the server's answer is malformed, or not one to " +
                                          std::to_string(range.size()) + " keys"};
}

void GetBatch::Fail(GetRange range, const grpc::Status& status) {
  errors_.push_back({range, status});
  answered_ += range.size();
}

std::optional<Value> GetBatch::ValueOf(size_t place) const {
  const GetResult& result = results_[place];
  if (!result.has_value()) return std::nullopt;
  return Value{.value = std::string(result->value), .mod_revision = result->mod_revision};
}

Values GetBatch::ValuesOf(std::shared_ptr<const GetBatch> batch, size_t place,
                          size_t keys) {
  const auto found = absl::MakeConstSpan(batch->results_).subspan(place, keys);
  return Values(std::move(batch), found);
}

const grpc::Status* GetBatch::error(size_t place) const {
  for (const Error& error : errors_) {
    if (error.range.first <= place && place < error.range.last) return &error.status;
  }
  return nullptr;
}

}  // namespace rcukv::internal
