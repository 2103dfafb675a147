// The order in which a map is scanned: by the bits of the hash, the lowest first.
//
// The bucket of a hash is its low bits, so a bucket's keys are neighbours in this order,
// and the two buckets that it is split into when the map grows are its two halves. A
// position in the order (the hash with its bits reversed) therefore means the same before
// and after a growth. The idea is Pieter Noordhuis' SCAN cursor in Redis; that the
// position is compared with each key's, so that a key that stays is met once, is ours.
#ifndef RCUKV_RCU_HASH_ORDER_H_
#define RCUKV_RCU_HASH_ORDER_H_

#include <bit>
#include <cstddef>
#include <cstdint>

namespace rcu {

inline uint64_t ReverseBits(uint64_t bits) {
  bits = ((bits >> 1) & 0x5555'5555'5555'5555) | ((bits & 0x5555'5555'5555'5555) << 1);
  bits = ((bits >> 2) & 0x3333'3333'3333'3333) | ((bits & 0x3333'3333'3333'3333) << 2);
  bits = ((bits >> 4) & 0x0f0f'0f0f'0f0f'0f0f) | ((bits & 0x0f0f'0f0f'0f0f'0f0f) << 4);
  return __builtin_bswap64(bits);
}

inline uint64_t PositionOfHash(uint64_t hash) { return ReverseBits(hash); }
inline uint64_t HashOfPosition(uint64_t position) { return ReverseBits(position); }

// The first position behind the chain that `position` lies in, where the map has `count`
// buckets (a power of two, at least 2); 0 behind the last.
inline uint64_t NextChainPosition(uint64_t position, size_t count) {
  const uint64_t width = uint64_t{1} << (64 - std::countr_zero(uint64_t{count}));
  return (position | (width - 1)) + 1;
}

}  // namespace rcu

#endif  // RCUKV_RCU_HASH_ORDER_H_
