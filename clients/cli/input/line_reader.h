// Reads an input line by line, in memory that is bounded by the longest line.
//
// Errors: INVALID_ARGUMENT, a line that is too long; the next call goes on behind it. Any
// other error is the source's, and final.

#ifndef RCUKV_CLIENTS_CLI_INPUT_LINE_READER_H_
#define RCUKV_CLIENTS_CLI_INPUT_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv::cli {

// Fills the buffer with up to `size` bytes and returns how many; 0 at the end.
using ByteSource = std::function<absl::StatusOr<size_t>(char* buffer, size_t size)>;

class LineReader {
 public:
  // Room for the largest value (1 MiB) with each byte written as an escape of JSON.
  static constexpr size_t kMaxLineBytes = 16 << 20;

  // `name` is the file's, for errors.
  LineReader(std::string name, ByteSource source, size_t max_line_bytes = kMaxLineBytes);

  // The next line with the '\n' at its end, which only the last one may lack; nothing at
  // the end. Good until the next call.
  absl::StatusOr<std::optional<std::string_view>> Next();

  // Of the line that Next() returned or rejected last, from 1.
  int64_t line_number() const { return line_number_; }

  // Taken from the source, whether in lines returned already or not.
  uint64_t bytes_read() const { return bytes_read_; }

  // INVALID_ARGUMENT, "name:line: message".
  absl::Status ErrorAt(int64_t line, const std::string& message) const;

  size_t max_line_bytes() const { return max_line_bytes_; }

 private:
  // Appends to buffer_; false at the end of the input.
  absl::StatusOr<bool> ReadMore();
  std::string_view Take(size_t bytes);
  absl::Status SkipLongLine();

  const std::string name_;
  const ByteSource source_;
  const size_t max_line_bytes_;
  std::string buffer_;
  size_t position_ = 0;  // In buffer_, of what was not returned yet.
  int64_t line_number_ = 0;
  uint64_t bytes_read_ = 0;
};

// The line without its "\n" or "\r\n".
std::string_view WithoutLineEnd(std::string_view line);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_INPUT_LINE_READER_H_
