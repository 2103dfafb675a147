#include "server/service/byte_buffers.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "rcu/entry.h"

namespace rcukv {
namespace {

grpc::Slice ToSlice(OutputBuffer::Bytes bytes, size_t size) {
  if (size == 0) return grpc::Slice();
  return grpc::Slice(bytes.release(), size, [](void* data) { std::free(data); });
}

// Of the value alone.
grpc::Slice ToSlice(rcu::SharedEntry entry) {
  const std::string_view value = entry->value();
  return grpc::Slice(
      const_cast<char*>(value.data()), value.size(),
      [](void* kept) { rcu::SharedEntry(static_cast<const rcu::Entry*>(kept)); },
      const_cast<rcu::Entry*>(entry.release()));
}

}  // namespace

grpc::ByteBuffer ToByteBuffer(OutputBuffer buffer) {
  OutputBuffer::Parts parts = buffer.Release();
  const grpc::Slice bytes = ToSlice(std::move(parts.bytes), parts.size);
  if (parts.references.empty()) return grpc::ByteBuffer(&bytes, 1);
  std::vector<grpc::Slice> slices;
  size_t begin = 0;
  for (OutputBuffer::Reference& reference : parts.references) {
    slices.push_back(bytes.sub(begin, reference.offset));
    slices.push_back(ToSlice(std::move(reference.entry)));
    begin = reference.offset;
  }
  slices.push_back(bytes.sub(begin, parts.size));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace rcukv
