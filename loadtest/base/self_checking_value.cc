#include "loadtest/base/self_checking_value.h"

#include <algorithm>
#include <cstring>

namespace rcukv::loadtest {
namespace {

constexpr size_t kWordBytes = sizeof(uint64_t);

// Calls visit(offset, bytes, word) for the words of a value that are behind its
// generation, until one returns false. Cheap, as it runs for every value that is read.
template <class Visitor>
bool ForEachWord(uint64_t filling, size_t value_bytes, Visitor visit) {
  for (size_t at = kWordBytes; at < value_bytes; at += kWordBytes) {
    filling += 0x9e3779b97f4a7c15;
    if (!visit(at, std::min(kWordBytes, value_bytes - at), filling)) return false;
  }
  return true;
}

}  // namespace

std::string SelfCheckingValue(uint64_t generation, uint64_t filling, size_t bytes) {
  std::string value(bytes, '\0');
  std::memcpy(value.data(), &generation, kWordBytes);
  ForEachWord(filling, bytes, [&](size_t at, size_t word_bytes, uint64_t word) {
    std::memcpy(&value[at], &word, word_bytes);
    return true;
  });
  return value;
}

uint64_t GenerationOf(std::string_view value) {
  uint64_t generation;
  std::memcpy(&generation, value.data(), kWordBytes);
  return generation;
}

bool IsFilledFrom(std::string_view value, uint64_t filling) {
  return ForEachWord(filling, value.size(),
                     [&](size_t at, size_t word_bytes, uint64_t word) {
                       return std::memcmp(&value[at], &word, word_bytes) == 0;
                     });
}

}  // namespace rcukv::loadtest
