// Whether two keys are the same, without a call where they are short: a call of memcmp
// costs more than comparing the 8 to 64 bytes that keys usually have.
#ifndef RCUKV_RCU_SAME_BYTES_H_
#define RCUKV_RCU_SAME_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace rcu {

namespace internal {

template <class Word>
Word LoadWord(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// `size` is at least that of a word. The last word may overlap the one before it.
template <class Word>
bool SameWords(const char* a, const char* b, size_t size) {
  const size_t last = size - sizeof(Word);
  for (size_t i = 0; i < last; i += sizeof(Word)) {
    if (LoadWord<Word>(a + i) != LoadWord<Word>(b + i)) return false;
  }
  return LoadWord<Word>(a + last) == LoadWord<Word>(b + last);
}

}  // namespace internal

inline bool SameBytes(std::string_view a, std::string_view b) {
  constexpr size_t kCallPays = 64;
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size > kCallPays) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return internal::SameWords<uint64_t>(a.data(), b.data(), size);
  if (size >= 4) return internal::SameWords<uint32_t>(a.data(), b.data(), size);
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace rcu

#endif  // RCUKV_RCU_SAME_BYTES_H_
