// Which slots of a bucket have the tag of a hash, found by a few vector instructions
// where the machine has them.
//
// What is found are candidates: the caller loads a candidate's slot again [H2], and
// compares the key. What is not found is not there, and the caller goes on to the link
// [H4]. So two things are asked of the vector loads:
//
//   - No slot is read torn. A lane is an aligned word, and x86 reads aligned words whole,
//     in vector loads too (a load of 16 bytes is atomic where there is AVX, and two loads
//     of 8 bytes on older machines).
//   - They are done before the link is loaded: a key that a move has taken out of its
//     slot is behind a link that says kForwarded. x86 keeps loads in order, vector loads
//     as well; the compiler is kept from moving them by the barrier behind them, as a
//     load-acquire of the link alone would let plain loads sink below it.
//
// Other machines, and ThreadSanitizer, which takes a vector load for a race, look at the
// slots one by one, by loads that acquire.
#ifndef RCUKV_RCU_TAG_MATCH_H_
#define RCUKV_RCU_TAG_MATCH_H_

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "rcu/bucket.h"
#include "rcu/fence.h"
#include "rcu/mutant.h"
#include "rcu/tsan.h"

#if defined(__SSE2__) && !RCUKV_RCU_TSAN
#define RCUKV_RCU_VECTOR_TAGS 1
#include <emmintrin.h>
#else
#define RCUKV_RCU_VECTOR_TAGS 0
#endif

namespace rcu {

// Slots of one bucket, the lowest first.
class SlotSet {
 public:
  // Bit kStride * i + kStride - 1 stands for slot i; no other bit is set.
#if RCUKV_RCU_VECTOR_TAGS
  static constexpr size_t kStride = 4;
#else
  static constexpr size_t kStride = 1;
#endif

  explicit SlotSet(uint32_t bits) : bits_(bits) {}

  bool empty() const { return bits_ == 0; }
  // Of a set that is not empty.
  size_t First() const {
    return static_cast<unsigned>(std::countr_zero(bits_)) / kStride;
  }
  void RemoveFirst() { bits_ &= bits_ - 1; }

 private:
  uint32_t bits_;
};

// The slots of `bucket` whose tag is that of `hash`. An empty slot has the tag 0.
[[gnu::always_inline]] inline SlotSet SlotsWithTagOf(uint64_t hash,
                                                     const Bucket& bucket) {
#if RCUKV_RCU_VECTOR_TAGS
  // Of the 32 half-words of a bucket, those with a number of the form 4i + 3 are tags, of
  // slot i; what is behind the slots belongs to the link.
  constexpr uint32_t kTags = 0x0888'8888 & ((1 << SlotSet::kStride * Bucket::kSlots) - 1);
  const __m128i tag = _mm_set1_epi16(static_cast<int16_t>(hash >> 48));
  const auto* words = reinterpret_cast<const __m128i*>(&bucket);
  const auto equal = [&](int i) {
    return _mm_cmpeq_epi16(_mm_load_si128(words + i), tag);
  };
  const int low = _mm_movemask_epi8(_mm_packs_epi16(equal(0), equal(1)));
  const int high = _mm_movemask_epi8(_mm_packs_epi16(equal(2), equal(3)));
  if constexpr (!Mutated(Mutant::kTagsUnfenced)) CompilerBarrier();
  return SlotSet((static_cast<uint32_t>(low) | static_cast<uint32_t>(high) << 16) &
                 kTags);
#else
  uint32_t bits = 0;
  for (size_t i = 0; i < Bucket::kSlots; ++i) {
    // [H2] acquire; pairs with [H1], as where the slot is loaded again: a slot that a
    // move has emptied is found so after the link says kForwarded.
    const uint64_t word =
        bucket.slots[i].load(Order<Mutant::kSlotLoadRelaxed>(std::memory_order_acquire));
    if (SlotWord::TagMatches(word, hash)) bits |= uint32_t{1} << i;
  }
  return SlotSet(bits);
#endif
}

}  // namespace rcu

#endif  // RCUKV_RCU_TAG_MATCH_H_
