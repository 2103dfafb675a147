// Whether two keys are the same, without a call for keys of 8 to 16 bytes, and inlined
// for those alone: the fewer instructions a lookup has, the more of them wait for their
// misses side by side.
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

// `size` is that of one to two words; these may overlap. No branch between them: keys
// with one tag are the same nearly always.
template <class Word>
bool SameTwoWords(const char* a, const char* b, size_t size) {
  const size_t last = size - sizeof(Word);
  return ((LoadWord<Word>(a) ^ LoadWord<Word>(b)) |
          (LoadWord<Word>(a + last) ^ LoadWord<Word>(b + last))) == 0;
}

// Of one size, which is not 8 to 16.
[[gnu::noinline]] inline bool SameOthers(const char* a, const char* b, size_t size) {
  if (size > 16) return std::memcmp(a, b, size) == 0;
  if (size >= 4) return SameTwoWords<uint32_t>(a, b, size);
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace internal

[[gnu::always_inline]] inline bool SameBytes(std::string_view a, std::string_view b) {
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8 || size > 16) [[unlikely]] {
    return internal::SameOthers(a.data(), b.data(), size);
  }
  return internal::SameTwoWords<uint64_t>(a.data(), b.data(), size);
}

}  // namespace rcu

#endif  // RCUKV_RCU_SAME_BYTES_H_
