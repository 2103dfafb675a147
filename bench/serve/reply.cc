#include "bench/serve/reply.h"

#include <cstring>

namespace rcukv::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
// Far beyond any value here; keeps sums from overflowing.
constexpr int64_t kMaxCount = 1 << 30;

}  // namespace

std::string_view FirstLine(std::string_view input, size_t* line_bytes) {
  *line_bytes = 0;
  if (input.empty()) return {};
  const void* end = memchr(input.data(), '\n', input.size());
  if (end == nullptr) return {};
  *line_bytes = static_cast<size_t>(static_cast<const char*>(end) - input.data()) + 1;
  std::string_view line = input.substr(0, *line_bytes - 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

int64_t ParseCount(std::string_view digits) {
  if (digits.empty()) return -1;
  int64_t count = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return -1;
    count = count * 10 + (digit - '0');
    if (count > kMaxCount) return -1;
  }
  return count;
}

ReplyStep TakeValue(size_t line_bytes, int64_t value_bytes, std::string_view* input,
                    std::string_view* value) {
  if (value_bytes < 0) return ReplyStep::kBroken;
  const auto size = static_cast<size_t>(value_bytes);
  if (input->size() < line_bytes + size + kLineEnd.size()) return ReplyStep::kMore;
  if (input->substr(line_bytes + size, kLineEnd.size()) != kLineEnd) {
    return ReplyStep::kBroken;
  }
  *value = input->substr(line_bytes, size);
  input->remove_prefix(line_bytes + size + kLineEnd.size());
  return ReplyStep::kValue;
}

}  // namespace rcukv::bench
