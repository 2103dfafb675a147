// The keys and values of `bench map`: 16 and 64 bytes, made from a number.
//
// Whoever looks a key up knows what its value begins with, so every result is checked.
#ifndef RCUKV_BENCH_MAP_DATA_H_
#define RCUKV_BENCH_MAP_DATA_H_

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "rcu/hash.h"

namespace rcukv::bench {

struct Key {
  std::array<uint64_t, 2> words;

  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(words.data()), sizeof(words)};
  }
  friend bool operator==(const Key& a, const Key& b) {
    return a.words[0] == b.words[0] && a.words[1] == b.words[1];
  }
};
static_assert(sizeof(Key) == 16);

struct Value {
  std::array<uint64_t, 8> words;

  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(words.data()), sizeof(words)};
  }
};
static_assert(sizeof(Value) == 64);

inline constexpr int64_t kKeyAndValueBytes = sizeof(Key) + sizeof(Value);

// Different for different indices, which are below 2^31. Cheap, so that a lookup makes
// its key rather than load it.
inline Key KeyOf(uint32_t index) {
  const uint64_t number = uint64_t{index} + 1;
  return {{number * 0x9e3779b97f4a7c15, number * 0xd1342543de82ef95}};
}

// What every value of KeyOf(index) begins with; of no other key.
inline uint64_t MarkOf(uint32_t index) {
  return (uint64_t{index} + 1) * 0xda942042e4dd58b5;
}

// A value of KeyOf(index); versions differ.
inline Value ValueOf(uint32_t index, uint64_t version) {
  const uint64_t mark = MarkOf(index);
  return {{mark, version, mark, mark, mark, mark, mark, mark}};
}

inline uint64_t MarkOfValue(const void* value) {
  uint64_t mark;
  memcpy(&mark, value, sizeof(mark));
  return mark;
}

// The hash that all tables get: that of rcu::HashMap.
inline uint64_t HashOf(const Key& key) {
  static const rcu::HashSecret& secret = rcu::ProcessHashSecret();
  return rcu::Hash(key.bytes(), secret);
}

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_DATA_H_
