// The layout of the hash map: buckets of one cache line, in arrays of a power of two.
//
// A bucket is 7 slots and a link word. A slot is one atomic word: 48 bits of entry
// pointer and 16 bits of the key's hash, its tag; so pointer and tag cannot tear, and a
// reader touches no entry whose tag differs. 0 is an empty slot.
//
// The link word is a pointer to an overflow bucket (or null) and two flags:
//   kForwarded  the entries of this bucket are in the next array; its slots are empty
//   kLocked     (first bucket of a chain only) a writer is changing the chain
#ifndef RCUKV_RCU_BUCKET_H_
#define RCUKV_RCU_BUCKET_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "rcu/entry.h"

namespace rcu {

// Tag and pointer of an entry in one word.
class SlotWord {
 public:
  static constexpr uint64_t kEmpty = 0;

  static uint64_t Make(const Entry* entry, uint64_t hash) {
    return reinterpret_cast<uint64_t>(entry) | (hash & kTagMask);
  }
  // An empty slot has the tag 0; its entry is null.
  static bool TagMatches(uint64_t word, uint64_t hash) {
    return ((word ^ hash) & kTagMask) == 0;
  }
  static const Entry* EntryOf(uint64_t word) {
    return reinterpret_cast<const Entry*>(word & ~kTagMask);
  }

 private:
  // User-space pointers have 48 bits at most: x86-64 hands out longer ones, and aarch64
  // too, only to those who ask for them by a hint. Not so with an allocator that tags
  // pointers (HWASan, glibc.mem.tagging): do not combine the two.
  static constexpr uint64_t kTagMask = uint64_t{0xffff} << 48;
};

// Fewer than 7 only in tests, whose chains are long then.
#ifndef RCU_BUCKET_SLOTS
#define RCU_BUCKET_SLOTS 7
#endif

struct alignas(64) Bucket {
  static constexpr size_t kSlots = RCU_BUCKET_SLOTS;
  static constexpr uint64_t kForwarded = 1;
  static constexpr uint64_t kLocked = 2;

  static Bucket* OverflowOf(uint64_t link) {
    return reinterpret_cast<Bucket*>(link & ~(kForwarded | kLocked));
  }

  std::array<std::atomic<uint64_t>, kSlots> slots{};
  std::atomic<uint64_t> link{0};
};
static_assert(sizeof(Bucket) == 64);

// An array of buckets, and how far they have been moved into the next one.
//
// Thread safety: the members say for themselves.
class BucketArray {
 public:
  // `count` is a power of two. All slots are empty. Null: there is no memory.
  static BucketArray* New(size_t count);
  // Frees the array, not its overflow buckets.
  static void Delete(BucketArray* array);

  size_t count() const { return mask_ + 1; }
  size_t bytes() const { return count() * sizeof(Bucket); }

  // The bucket of a hash: its low bits.
  size_t IndexOf(uint64_t hash) const { return hash & mask_; }
  Bucket& bucket(size_t index) const { return buckets_[index]; }
  Bucket& BucketOf(uint64_t hash) const { return buckets_[IndexOf(hash)]; }

  // The array of twice or half the size that this one's buckets are being moved into;
  // null: none. Set once.
  std::atomic<BucketArray*> next{nullptr};

  // Writers' own, apart from what every lookup loads: the bucket that the next writer is
  // to look at, modulo count(), as the array is gone through until all are moved.
  alignas(64) std::atomic<size_t> hand{0};
  // How many buckets have been moved; when shrinking, pairs of them.
  std::atomic<size_t> moved{0};

 private:
  BucketArray(Bucket* buckets, size_t count) : mask_(count - 1), buckets_(buckets) {}

  alignas(64) const size_t mask_;
  Bucket* const buckets_;
};

}  // namespace rcu

#endif  // RCUKV_RCU_BUCKET_H_
