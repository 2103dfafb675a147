// Internal to this library: Puts and Deletes as bytes, alone and several in one
// BatchWriteRequest, and what a server answers to them.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_CLIENTS_CPP_WRITE_WIRE_H_
#define RCUKV_CLIENTS_CPP_WRITE_WIRE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cpp/options.h"

namespace rcukv::internal {

// A PutRequest or a DeleteRequest.
struct EncodedWrite {
  bool is_delete = false;
  std::string bytes = {};
};

EncodedWrite EncodePut(std::string_view key, std::string_view value,
                       const WriteOptions& options);
EncodedWrite EncodeDelete(std::string_view key, const WriteOptions& options);

// What AppendToBatch adds for it, or a few bytes more.
size_t BatchedBytes(const EncodedWrite& write);

// Adds it to the bytes of a BatchWriteRequest.
void AppendToBatch(const EncodedWrite& write, std::string* request);

// What a server has said of one write.
struct WriteAnswer {
  // Not OK: the rest is nothing.
  grpc::Status status = {};
  // Of the write; of the server where nothing was deleted.
  uint64_t revision = 0;
  // Of a Delete: whether the key existed.
  bool existed = false;
};

// Reads a PutResponse or a DeleteResponse. INTERNAL where it is none.
WriteAnswer ReadAnswer(bool is_delete, grpc::ByteBuffer response);

// Reads a BatchWriteResponse to so many writes. INTERNAL where it is none, or has not as
// many results: nobody knows then what became of them.
grpc::Status ReadAnswers(grpc::ByteBuffer response, size_t writes,
                         std::vector<WriteAnswer>* answers);

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_WRITE_WIRE_H_
