#include "clients/cpp/write_wire.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <utility>

#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv::internal {
namespace {

using google::protobuf::io::CodedOutputStream;

// A tag of one byte, and a length.
constexpr size_t kMaxHeaderBytes = 1 + 5;

// Put and Delete say these things in the same way.
template <typename Request>
void SetKey(std::string_view key, const WriteOptions& options, Request& request) {
  request.set_table(options.table);
  request.mutable_key()->assign(key.data(), key.size());
  if (options.expected_mod_revision.has_value()) {
    request.set_expected_mod_revision(*options.expected_mod_revision);
  }
}

void AppendHeader(int field, size_t bytes, std::string* out) {
  constexpr uint32_t kLengthDelimited = 2;
  uint8_t header[kMaxHeaderBytes];
  uint8_t* end = CodedOutputStream::WriteVarint32ToArray(
      static_cast<uint32_t>(field) << 3 | kLengthDelimited, header);
  end = CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(bytes), end);
  out->append(reinterpret_cast<const char*>(header), end - header);
}

template <typename Message>
grpc::Status Parse(grpc::ByteBuffer bytes, Message* message) {
  grpc::ProtoBufferReader reader(&bytes);
  if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) {
    return grpc::Status::OK;
  }
  return {grpc::StatusCode::INTERNAL,
          "the server's answer is malformed; the write may have happened"};
}

WriteAnswer AnswerOf(const v1::PutResponse& response) {
  return {.revision = response.revision()};
}
WriteAnswer AnswerOf(const v1::DeleteResponse& response) {
  return {.revision = response.revision(), .existed = response.deleted()};
}
WriteAnswer AnswerOf(const v1::BatchWriteResponse::Result& result) {
  switch (result.response_case()) {
    case v1::BatchWriteResponse::Result::kPut:
      return AnswerOf(result.put());
    case v1::BatchWriteResponse::Result::kDelete:
      return AnswerOf(result.delete_());
    case v1::BatchWriteResponse::Result::kError:
      if (result.error().code() == 0) break;
      return {.status = {static_cast<grpc::StatusCode>(result.error().code()),
                         result.error().message()}};
    case v1::BatchWriteResponse::Result::RESPONSE_NOT_SET:
      break;
  }
  return {.status = {grpc::StatusCode::INTERNAL,
                     "the server does not say what became of the write"}};
}

template <typename Response>
WriteAnswer ReadAnswerAs(grpc::ByteBuffer bytes) {
  Response response;
  const grpc::Status status = Parse(std::move(bytes), &response);
  return status.ok() ? AnswerOf(response) : WriteAnswer{.status = status};
}

}  // namespace

EncodedWrite EncodePut(std::string_view key, std::string_view value,
                       const WriteOptions& options) {
  v1::PutRequest request;
  SetKey(key, options, request);
  request.mutable_value()->assign(value.data(), value.size());
  return {.is_delete = false, .bytes = request.SerializeAsString()};
}

EncodedWrite EncodeDelete(std::string_view key, const WriteOptions& options) {
  v1::DeleteRequest request;
  SetKey(key, options, request);
  return {.is_delete = true, .bytes = request.SerializeAsString()};
}

size_t BatchedBytes(const EncodedWrite& write) {
  return write.bytes.size() + 2 * kMaxHeaderBytes;
}

void AppendToBatch(const EncodedWrite& write, std::string* request) {
  std::string header;
  AppendHeader(write.is_delete ? v1::BatchWriteRequest::Write::kDeleteFieldNumber
                               : v1::BatchWriteRequest::Write::kPutFieldNumber,
               write.bytes.size(), &header);
  AppendHeader(v1::BatchWriteRequest::kWritesFieldNumber,
               header.size() + write.bytes.size(), request);
  *request += header;
  *request += write.bytes;
}

WriteAnswer ReadAnswer(bool is_delete, grpc::ByteBuffer response) {
  return is_delete ? ReadAnswerAs<v1::DeleteResponse>(std::move(response))
                   : ReadAnswerAs<v1::PutResponse>(std::move(response));
}

grpc::Status ReadAnswers(grpc::ByteBuffer bytes, size_t writes,
                         std::vector<WriteAnswer>* answers) {
  google::protobuf::Arena arena;
  auto* const response =
      google::protobuf::Arena::CreateMessage<v1::BatchWriteResponse>(&arena);
  grpc::Status status = Parse(std::move(bytes), response);
  if (!status.ok()) return status;
  if (static_cast<size_t>(response->results_size()) != writes) {
    return {grpc::StatusCode::INTERNAL,
            "the server does not say of each write what became of it"};
  }
  answers->clear();
  for (const auto& result : response->results()) answers->push_back(AnswerOf(result));
  return grpc::Status::OK;
}

}  // namespace rcukv::internal
