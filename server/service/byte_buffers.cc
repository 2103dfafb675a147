#include "server/service/byte_buffers.h"

#include <cstdlib>

namespace rcukv {

grpc::ByteBuffer ToByteBuffer(OutputBuffer bytes) {
  const size_t size = bytes.size();
  grpc::Slice slice;
  if (size > 0) {
    slice =
        grpc::Slice(bytes.Release().release(), size, [](void* data) { std::free(data); });
  }
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace rcukv
