#include "clients/cli/input/line_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace rcukv::cli {
namespace {

constexpr size_t kReadBytes = 64 << 10;

}  // namespace

LineReader::LineReader(std::string name, ByteSource source, size_t max_line_bytes)
    : name_(std::move(name)),
      source_(std::move(source)),
      max_line_bytes_(max_line_bytes) {}

absl::StatusOr<std::optional<std::string_view>> LineReader::Next() {
  size_t searched = 0;  // Bytes behind position_ that hold no '\n'.
  while (true) {
    const size_t newline = buffer_.find('\n', position_ + searched);
    if (newline != std::string::npos && newline - position_ <= max_line_bytes_) {
      return Take(newline + 1 - position_);
    }
    searched = buffer_.size() - position_;
    if (newline != std::string::npos || searched > max_line_bytes_) return SkipLongLine();
    const absl::StatusOr<bool> more = ReadMore();
    if (!more.ok()) return more.status();
    if (*more) continue;
    if (searched == 0) return std::nullopt;
    return Take(searched);
  }
}

absl::StatusOr<bool> LineReader::ReadMore() {
  buffer_.erase(0, position_);
  position_ = 0;
  const size_t held = buffer_.size();
  buffer_.resize(held + kReadBytes);
  const absl::StatusOr<size_t> read = source_(buffer_.data() + held, kReadBytes);
  buffer_.resize(held + read.value_or(0));
  if (!read.ok()) return read.status();
  bytes_read_ += *read;
  return *read > 0;
}

std::string_view LineReader::Take(size_t bytes) {
  const std::string_view line = std::string_view(buffer_).substr(position_, bytes);
  position_ += bytes;
  ++line_number_;
  return line;
}

absl::Status LineReader::SkipLongLine() {
  ++line_number_;
  size_t newline = buffer_.find('\n', position_);
  while (newline == std::string::npos) {
    position_ = buffer_.size();
    const absl::StatusOr<bool> more = ReadMore();
    if (!more.ok()) return more.status();
    if (!*more) break;
    newline = buffer_.find('\n', position_);
  }
  position_ = newline == std::string::npos ? buffer_.size() : newline + 1;
  return ErrorAt(line_number_,
                 absl::StrCat("the line is longer than ", max_line_bytes_, " bytes"));
}

absl::Status LineReader::ErrorAt(int64_t line, const std::string& message) const {
  return absl::InvalidArgumentError(absl::StrCat(name_, ":", line, ": ", message));
}

std::string_view WithoutLineEnd(std::string_view line) {
  if (!line.ends_with('\n')) return line;
  line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace rcukv::cli
