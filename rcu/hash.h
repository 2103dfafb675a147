// The hash of keys: XXH3 with a secret drawn at random when the process starts, so that
// keys prepared to collide elsewhere do not collide here. It is no cryptographic
// function: who can time single lookups for long may still learn something.
//
// A seed alone would not do: XXH3, like every hash of its family, multiplies two halves
// of the input that were mixed with constants, and keys that make one of the factors 0
// collide under every seed. A secret takes the place of those constants.
#ifndef RCUKV_RCU_HASH_H_
#define RCUKV_RCU_HASH_H_

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace rcu {

using HashSecret = std::array<unsigned char, XXH3_SECRET_DEFAULT_SIZE>;

// The process's secret; drawn from getrandom(2) at the first call. A child made by fork()
// has the parent's, if that was drawn. Thread safety: may be called by any thread.
const HashSecret& ProcessHashSecret();

namespace internal {

// What XXH3_64bits_withSecret does with so short a key. Compilers do not inline that
// where they do not know the length, and so it is a call for each key, in the middle of a
// loop that has none otherwise. hash_test has both side by side.
[[gnu::always_inline]] inline uint64_t HashOfUpTo16(std::string_view key,
                                                    const HashSecret& secret) {
  return XXH3_len_0to16_64b(reinterpret_cast<const unsigned char*>(key.data()),
                            key.size(), secret.data(), /*seed=*/0);
}

[[gnu::noinline]] inline uint64_t HashOfAny(std::string_view key,
                                            const HashSecret& secret) {
  return XXH3_64bits_withSecret(key.data(), key.size(), secret.data(), secret.size());
}

}  // namespace internal

// Without a call for the short keys that most keys are.
[[gnu::always_inline]] inline uint64_t Hash(std::string_view key,
                                            const HashSecret& secret) {
  if (key.size() > 16) [[unlikely]]
    return internal::HashOfAny(key, secret);
  return internal::HashOfUpTo16(key, secret);
}

}  // namespace rcu

#endif  // RCUKV_RCU_HASH_H_
