// The keys and values of `bench serve`: 16 and 64 bytes, made from a number.
//
// Keys are hexadecimal digits, as memcached's text protocol wants them printable. Whoever
// asks for a key knows all of its value, so every answer is compared in full.
#ifndef RCUKV_BENCH_SERVE_DATA_H_
#define RCUKV_BENCH_SERVE_DATA_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "loadtest/base/random.h"

namespace rcukv::bench {

inline constexpr size_t kKeyBytes = 16;
inline constexpr size_t kValueBytes = 64;

struct Key {
  std::array<char, kKeyBytes> digits;

  std::string_view bytes() const { return {digits.data(), digits.size()}; }
};

struct Value {
  std::array<uint64_t, kValueBytes / sizeof(uint64_t)> words;

  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(words.data()), sizeof(words)};
  }
};
static_assert(sizeof(Value) == kValueBytes);

// Different for different indices.
inline Key KeyOf(uint32_t index) {
  constexpr char kDigits[] = "0123456789abcdef";
  uint64_t number = loadtest::Mix(uint64_t{index} + 1);
  Key key;
  for (char& digit : key.digits) {
    digit = kDigits[number & 0xf];
    number >>= 4;
  }
  return key;
}

inline Value ValueOf(uint32_t index) {
  const uint64_t mark = (uint64_t{index} + 1) * 0xda942042e4dd58b5;
  Value value;
  uint64_t word = mark;
  for (uint64_t& each : value.words) each = word += mark | 1;
  return value;
}

// Whether `bytes` is the value of KeyOf(index).
inline bool IsValueOf(uint32_t index, std::string_view bytes) {
  const Value value = ValueOf(index);
  return bytes.size() == kValueBytes &&
         memcmp(bytes.data(), value.words.data(), kValueBytes) == 0;
}

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_DATA_H_
