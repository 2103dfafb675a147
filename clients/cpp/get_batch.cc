#include "clients/cpp/get_batch.h"

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

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

GetBatch::GetBatch(std::string_view table)
    : request_(TableField(table)), keys_begin_(request_.size()) {}

size_t GetBatch::Add(std::string_view key) {
  AppendKey(key, &request_);
  key_ends_.push_back(request_.size());
  return key_ends_.size() - 1;
}

grpc::ByteBuffer GetBatch::Request(GetRange range) const {
  const size_t begin = range.first == 0 ? keys_begin_ : key_ends_[range.first - 1];
  const size_t end = key_ends_[range.last - 1];
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
  // Put where it stays before it is read: a short slice has its bytes in itself.
  grpc::Slice& slice = responses_.emplace_back();
  // The second fails only where there is no message, which is read as an empty one.
  if (!response.TrySingleSlice(&slice).ok()) (void)response.DumpToSingleSlice(&slice);
  absl::InlinedVector<GetResult, 32> results(range.size());
  const bool read = format == Format::kGetResponse
                        ? ReadGetResponse(Bytes(slice), &results[0])
                        : ReadBatchGetResponse(Bytes(slice), absl::MakeSpan(results));
  if (!read) {
    return {grpc::StatusCode::INTERNAL,
            "Get: the server's answer is malformed, or not one to " +
                std::to_string(range.size()) + " keys"};
  }
  outcomes_.resize(size());
  for (size_t i = 0; i < range.size(); ++i) {
    outcomes_[range.first + i].result = results[i];
  }
  answered_ += range.size();
  return grpc::Status::OK;
}

void GetBatch::Fail(GetRange range, const grpc::Status& status) {
  errors_.push_back(status);
  outcomes_.resize(size());
  for (size_t i = range.first; i < range.last; ++i) outcomes_[i].error = &errors_.back();
  answered_ += range.size();
}

}  // namespace rcukv::internal
