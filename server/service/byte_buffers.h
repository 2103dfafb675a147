// Between gRPC's buffers and plain bytes, without a copy where there need not be one.
#ifndef RCUKV_SERVER_SERVICE_BYTE_BUFFERS_H_
#define RCUKV_SERVER_SERVICE_BYTE_BUFFERS_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <string_view>

#include "server/service/output_buffer.h"

namespace rcukv {

// The bytes of a buffer in one piece: in place where they lie in one already.
//
// Thread safety: immutable.
class ContiguousBytes {
 public:
  explicit ContiguousBytes(const grpc::ByteBuffer& buffer) {
    if (buffer.TrySingleSlice(&slice_).ok()) return;
    // Fails only for a buffer without a message, which is read as the empty one.
    (void)buffer.DumpToSingleSlice(&slice_);
  }
  ContiguousBytes(const ContiguousBytes&) = delete;
  ContiguousBytes& operator=(const ContiguousBytes&) = delete;

  // Good for as long as this object.
  std::string_view view() const {
    return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()};
  }

 private:
  grpc::Slice slice_;
};

// Hands the bytes to gRPC, which frees them, and lets go of the entries that are referred
// to, when they are sent.
grpc::ByteBuffer ToByteBuffer(OutputBuffer buffer);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_BYTE_BUFFERS_H_
