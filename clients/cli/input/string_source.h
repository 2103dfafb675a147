// A string as an input, for tests.

#ifndef RCUKV_CLIENTS_CLI_INPUT_STRING_SOURCE_H_
#define RCUKV_CLIENTS_CLI_INPUT_STRING_SOURCE_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "clients/cli/input/line_reader.h"

namespace rcukv::cli {

// Gives at most `chunk_bytes` at a time.
inline ByteSource StringSource(std::string text, size_t chunk_bytes) {
  return [text = std::move(text), chunk_bytes, position = size_t{0}](
             char* buffer, size_t size) mutable -> absl::StatusOr<size_t> {
    const size_t bytes = text.copy(buffer, std::min(size, chunk_bytes), position);
    position += bytes;
    return bytes;
  };
}

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_INPUT_STRING_SOURCE_H_
