// A bucket and its overflow buckets: how slots and links are loaded and stored, by
// readers without the chain's lock, and by the writer that holds it.
//
// Memory ordering: docs/MEMORY_MODEL.md; the labels here are [H1] [H2] of slots and
// [H3] [H4] of links.
#ifndef RCUKV_RCU_CHAIN_H_
#define RCUKV_RCU_CHAIN_H_

#include <atomic>
#include <cstdint>
#include <string_view>

#include "rcu/bucket.h"
#include "rcu/entry.h"
#include "rcu/mutant.h"
#include "rcu/same_bytes.h"
#include "rcu/tag_match.h"

namespace rcu {

// ---- Anybody

inline uint64_t LoadSlot(const std::atomic<uint64_t>& slot) {
  // [H2] acquire; pairs with [H1]: an entry that is found is found built; and a slot
  // found empty by a move is found so after the link says kForwarded [H4].
  return slot.load(Order<Mutant::kSlotLoadRelaxed>(std::memory_order_acquire));
}

inline uint64_t LoadLink(const Bucket& bucket) {
  // [H4] acquire; pairs with [H3]: through a link that says kForwarded, the copies in the
  // next array are found; through an overflow link, its bucket is found made.
  return bucket.link.load(Order<Mutant::kLinkLoadRelaxed>(std::memory_order_acquire));
}

inline bool IsForwarded(const Bucket& bucket) {
  return (LoadLink(bucket) & Bucket::kForwarded) != 0;
}

// Null: it is the last one.
inline Bucket* OverflowOf(const Bucket& bucket) {
  return Bucket::OverflowOf(LoadLink(bucket));
}

[[gnu::always_inline]] inline bool HasKey(const Entry* entry, std::string_view key) {
  return SameBytes(entry->key(), key);
}

// ---- The holder of the chain's lock, or whoever alone can reach it

// A slot, and the entry in it.
struct Place {
  std::atomic<uint64_t>* slot = nullptr;
  const Entry* entry = nullptr;
};

// Nulls: the key is not there.
inline Place FindInChain(Bucket& first, std::string_view key, uint64_t hash) {
  for (Bucket* bucket = &first; bucket != nullptr; bucket = OverflowOf(*bucket)) {
    for (SlotSet slots = SlotsWithTagOf(hash, *bucket); !slots.empty();
         slots.RemoveFirst()) {
      auto& slot = bucket->slots[slots.First()];
      const Entry* entry = SlotWord::EntryOf(LoadSlot(slot));
      if (entry != nullptr && HasKey(entry, key)) return {&slot, entry};
    }
  }
  return {};
}

// Null: all are taken.
inline std::atomic<uint64_t>* EmptySlotOf(Bucket& bucket) {
  for (auto& slot : bucket.slots) {
    if (LoadSlot(slot) == SlotWord::kEmpty) return &slot;
  }
  return nullptr;
}

// Whether no entry is left in this one bucket.
inline bool IsEmpty(const Bucket& bucket) {
  for (const auto& slot : bucket.slots) {
    if (LoadSlot(slot) != SlotWord::kEmpty) return false;
  }
  return true;
}

// `last` has no overflow bucket yet.
inline void AppendOverflow(Bucket& last, Bucket* overflow) {
  // [H3] release; pairs with [H4]. Keeps the flags: the first bucket's lock is ours.
  last.link.store(LoadLink(last) | reinterpret_cast<uint64_t>(overflow),
                  Order<Mutant::kOverflowStoreRelaxed>(std::memory_order_release));
}

// Says in each link that the entries are in the next array, where their copies are by
// now.
inline void ForwardChain(Bucket& first) {
  for (Bucket* bucket = &first; bucket != nullptr; bucket = OverflowOf(*bucket)) {
    // [H3] release; pairs with [H4]: who sees kForwarded sees the copies.
    bucket->link.store(LoadLink(*bucket) | Bucket::kForwarded,
                       Order<Mutant::kForwardedStoreRelaxed>(std::memory_order_release));
  }
}

// Empties the slots of a chain that was forwarded, and parts it from its overflow
// buckets, which it returns for the caller to retire; null: there were none.
inline Bucket* EmptyChain(Bucket& first) {
  for (Bucket* bucket = &first; bucket != nullptr; bucket = OverflowOf(*bucket)) {
    for (auto& slot : bucket->slots) {
      // [H1] release; pairs with [H2]: who sees the slot emptied sees kForwarded.
      slot.store(SlotWord::kEmpty,
                 Order<Mutant::kEmptiedStoreRelaxed>(std::memory_order_release));
    }
  }
  Bucket* overflow = OverflowOf(first);
  // [H3] release: the flags alone.
  first.link.store(Bucket::kForwarded | Bucket::kLocked, std::memory_order_release);
  return overflow;
}

}  // namespace rcu

#endif  // RCUKV_RCU_CHAIN_H_
