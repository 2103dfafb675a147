// What the layout of rcu::HashMap would allow if nothing were synchronised: the same
// buckets, tags, entries, hash and huge pages, with plain loads and stores.
//
// It knows that keys have 16 bytes, and nothing else that the map could not. No peer: one
// thread, and whoever looks up must not update at the same time.
#ifndef RCUKV_BENCH_MAP_LIMIT_TABLE_H_
#define RCUKV_BENCH_MAP_LIMIT_TABLE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "bench/map/data.h"
#include "bench/map/huge_pages.h"
#include "bench/map/row.h"
#include "bench/map/table.h"
#include "rcu/domain.h"
#include "rcu/hash_map.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace rcukv::bench {

class LimitTable {
 public:
  using Member = NoMember<LimitTable>;
  static constexpr bool kGrows = false;

  explicit LimitTable(size_t entries)
      : count_(BucketsFor(entries)), mask_(count_ - 1), pages_(count_ * sizeof(Bucket)) {
    buckets_ = static_cast<Bucket*>(pages_.begin());
  }
  LimitTable(const LimitTable&) = delete;
  LimitTable& operator=(const LimitTable&) = delete;
  ~LimitTable() {
    for (size_t i = 0; i < count_; ++i) Free(&buckets_[i]);
  }

  void Put(const Key& key, const Value& value) {
    const uint64_t hash = HashOf(key);
    auto* entry = new Entry{.header = {}, .key = key, .value = value};
    const uint64_t word = reinterpret_cast<uint64_t>(entry) | (hash & kTagMask);
    for (Bucket* bucket = BucketOf(hash);; bucket = bucket->overflow) {
      for (uint64_t& slot : bucket->slots) {
        Entry* old = EntryOf(slot);
        if (old != nullptr && old->key != key) continue;
        slot = word;
        delete old;
        return;
      }
      if (bucket->overflow == nullptr) bucket->overflow = new Bucket();
    }
  }

  template <class Use>
  bool Find(const Key& key, Use use) const {
    const uint64_t hash = HashOf(key);
    const Entry* entry = FindFrom(BucketOf(hash), key, hash);
    if (entry == nullptr) return false;
    use(&entry->value);
    return true;
  }

  template <class Use>
  size_t FindMany(std::span<const Key, kGroup> keys, Use use) const {
    std::array<uint64_t, kGroup> hashes;
    for (size_t i = 0; i < kGroup; ++i) {
      hashes[i] = HashOf(keys[i]);
      __builtin_prefetch(BucketOf(hashes[i]));
    }
    for (size_t i = 0; i < kGroup; ++i) PrefetchEntry(*BucketOf(hashes[i]), hashes[i]);
    size_t found = 0;
    for (size_t i = 0; i < kGroup; ++i) {
      const Entry* entry = FindFrom(BucketOf(hashes[i]), keys[i], hashes[i]);
      if (entry == nullptr) continue;
      use(i, &entry->value);
      ++found;
    }
    return found;
  }

  void Quiesce() {}
  void Settle() {}

 private:
  struct Entry {
    // Revision, lengths and flags of a real one.
    std::array<uint64_t, 2> header;
    Key key;
    Value value;
  };

  static constexpr size_t kSlots = 7;
  static constexpr uint64_t kTagMask = uint64_t{0xffff} << 48;

  struct alignas(64) Bucket {
    std::array<uint64_t, kSlots> slots{};
    Bucket* overflow = nullptr;
  };
  static_assert(sizeof(Bucket) == 64);

  // As many as the map has for them.
  static size_t BucketsFor(size_t entries) {
    constexpr size_t kEntriesPerBucket = rcu::HashMap<rcu::MembDomain>::kEntriesPerBucket;
    return std::bit_ceil(entries / kEntriesPerBucket + 1);
  }

  static Entry* EntryOf(uint64_t word) {
    return reinterpret_cast<Entry*>(word & ~kTagMask);
  }

  Bucket* BucketOf(uint64_t hash) const { return &buckets_[hash & mask_]; }

  // Bit 4 i + 3 is set if the tag of slot i is that of the hash.
  static uint64_t CandidatesIn(const Bucket& bucket, uint64_t hash) {
#ifdef __SSE2__
    const auto tag = static_cast<short>(hash >> 48);
    const __m128i tags = _mm_set1_epi16(tag);
    const auto* words = reinterpret_cast<const __m128i*>(&bucket);
    const auto equal = [&](int pair) {
      return _mm_cmpeq_epi16(_mm_load_si128(words + pair), tags);
    };
    const auto low =
        static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(equal(0), equal(1))));
    const auto high =
        static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(equal(2), equal(3))));
    // A bit for each 16 bits, of which every fourth is a tag's; less that of the link.
    return (low | high << 16) & 0x08888888;
#else
    uint64_t candidates = 0;
    for (size_t i = 0; i < kSlots; ++i) {
      if (((bucket.slots[i] ^ hash) & kTagMask) == 0) candidates |= uint64_t{8} << 4 * i;
    }
    return candidates;
#endif
  }
  static size_t SlotOf(uint64_t candidates) {
    return static_cast<size_t>(std::countr_zero(candidates)) / 4;
  }

  static const Entry* FindFrom(const Bucket* bucket, const Key& key, uint64_t hash) {
    for (; bucket != nullptr; bucket = bucket->overflow) {
      for (uint64_t candidates = CandidatesIn(*bucket, hash); candidates != 0;
           candidates &= candidates - 1) {
        const Entry* entry = EntryOf(bucket->slots[SlotOf(candidates)]);
        if (entry != nullptr && entry->key == key) [[likely]]
          return entry;
      }
    }
    return nullptr;
  }

  // Of the first candidate, the key and where the value begins.
  static void PrefetchEntry(const Bucket& bucket, uint64_t hash) {
    const uint64_t candidates = CandidatesIn(bucket, hash);
    if (candidates == 0) [[unlikely]]
      return;
    const Entry* entry = EntryOf(bucket.slots[SlotOf(candidates)]);
    __builtin_prefetch(&entry->key);
    __builtin_prefetch(&entry->value);
  }

  static void Free(Bucket* bucket) {
    for (const uint64_t word : bucket->slots) delete EntryOf(word);
    if (bucket->overflow == nullptr) return;
    Free(bucket->overflow);
    delete bucket->overflow;
  }

  const size_t count_;
  const uint64_t mask_;
  const HugePages pages_;
  Bucket* buckets_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_LIMIT_TABLE_H_
