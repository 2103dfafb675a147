#include "server/store/key_range.h"

#include <algorithm>
#include <cstdint>

namespace rcukv {
namespace {

// Those behind the common bytes that count: so many that a number holds them.
constexpr size_t kBytes = 7;

uint64_t ToNumber(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < kBytes; ++i) {
    const auto byte = static_cast<unsigned char>(i < bytes.size() ? bytes[i] : 0);
    number = number << 8 | byte;
  }
  return number;
}

std::string ToBytes(uint64_t number) {
  std::string bytes(kBytes, '\0');
  for (size_t i = kBytes; i > 0; number >>= 8) bytes[--i] = static_cast<char>(number);
  return bytes;
}

}  // namespace

std::vector<std::string> CutRange(std::string_view begin, std::string_view end,
                                  unsigned parts) {
  const auto differ = std::mismatch(begin.begin(), begin.end(), end.begin(), end.end());
  const std::string common(begin.begin(), differ.first);
  const uint64_t first = ToNumber(begin.substr(common.size()));
  const uint64_t last = ToNumber(end.substr(common.size()));
  std::vector<std::string> cuts;
  if (begin >= end || last - first < parts) return cuts;
  const uint64_t step = (last - first) / parts;
  for (unsigned i = 1; i < parts; ++i) cuts.push_back(common + ToBytes(first + i * step));
  return cuts;
}

}  // namespace rcukv
