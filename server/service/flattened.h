// For tests: what an OutputBuffer amounts to when it is sent.
#ifndef RCUKV_SERVER_SERVICE_FLATTENED_H_
#define RCUKV_SERVER_SERVICE_FLATTENED_H_

#include <cstddef>
#include <string>
#include <utility>

#include "server/service/output_buffer.h"

namespace rcukv {

inline std::string Flattened(OutputBuffer buffer) {
  const OutputBuffer::Parts parts = buffer.Release();
  std::string flat;
  size_t begin = 0;
  for (const OutputBuffer::Reference& reference : parts.references) {
    flat.append(parts.bytes.get() + begin, reference.offset - begin);
    flat.append(reference.entry->value());
    begin = reference.offset;
  }
  return flat.append(parts.bytes.get() + begin, parts.size - begin);
}

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_FLATTENED_H_
