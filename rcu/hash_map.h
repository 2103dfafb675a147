// A hash map of byte strings for any number of readers and writers at once.
//
//   rcu::HashMap<rcu::MembDomain> map;
//
//   {                                                   // a reader
//     rcu::MembDomain::ReadGuard guard;
//     const rcu::Entry* entry = map.Find("key");
//     if (entry != nullptr) Use(entry->value());        // valid until the guard goes
//   }
//   map.Retire(map.Upsert(rcu::Entry::New("key", "value")));   // a writer
//
//   const rcu::Entry* old[2];
//   {                                                   // writes that belong together
//     rcu::HashMap<rcu::MembDomain>::WriteBatch batch(map);
//     old[0] = batch.Upsert(rcu::Entry::New("from", "90"));
//     old[1] = batch.Upsert(rcu::Entry::New("to", "10"));
//   }
//   for (const rcu::Entry* entry : old) map.Retire(entry);
//
//   {                                                   // reads both or neither
//     rcu::MembDomain::ReadGuard guard;
//     const std::string_view keys[] = {"from", "to"};
//     const rcu::Entry* entries[2];
//     map.SnapshotFind(keys, entries);
//   }
//
// Thread safety: every method may be called by any thread at any time, but the
// destructor. Find, MultiGet and SnapshotFind want the caller to hold the domain's
// ReadGuard; the others take what they need, and are not to be called while holding one
// of RwLockDomain. The child of a fork may read (Find, MultiGet, Scan); it may write, and
// call SnapshotFind, if no other thread was writing at the fork: a bucket or a batch that
// one had locked stays locked.
//
// Guarantees
//   (a) Find is wait-free: it walks one chain, in each of the arrays that the map has
//       been resized through during the call. It takes no lock and never starts again.
//       Chains are short as long as writers make progress: a resize cannot end while a
//       writer is held up in the middle of a move.
//   (b) Operations on one key are linearizable: a reader that starts after a write
//       returned sees it, whatever resize is under way.
//   (c) A key that is there during a whole Scan is visited by it exactly once.
//   (d) Writers wait only for whoever is changing the same bucket.
//   (e) Growing and shrinking never block a reader, and delay each write by the work of
//       a few buckets.
//   (f) What cannot be inserted for lack of memory throws std::bad_alloc, and nothing has
//       changed. A map that cannot be resized for lack of memory goes on as it is. Where
//       it has begun to move a bucket, the lack of memory ends the program.
//   (g) SnapshotFind sees each WriteBatch as a whole or not at all, and the same ones for
//       all keys: it finds each key at a moment of its own, but no batch opens or closes
//       between the first of these moments and the last. So where all writes are made in
//       batches it shows the map at one moment; any other write is seen for itself.
//   (h) Batches cost Find nothing, and single writes nothing.
//
// Why (g) does not speak of single writes: each would have to change the one count, and
// exclude the others for that; that is the end of (d) for all, to spare those who want it
// the two words "in batches".
//
// Invariants, and how the map is resized: resizable_buckets.h. Memory ordering:
// docs/MEMORY_MODEL.md; the labels are [H1] to [H9], and those of seqcount.h for batches.
#ifndef RCUKV_RCU_HASH_MAP_H_
#define RCUKV_RCU_HASH_MAP_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "rcu/bucket.h"
#include "rcu/bucket_lock.h"
#include "rcu/chain.h"
#include "rcu/entry.h"
#include "rcu/hash_order.h"
#include "rcu/mutant.h"
#include "rcu/reclaim_on.h"
#include "rcu/resizable_buckets.h"
#include "rcu/seqcount.h"
#include "rcu/tag_match.h"

namespace rcu {

template <class Domain>
class HashMap {
  using WriteGuard = typename Domain::WriteGuard;
  using ReadGuard = typename Domain::ReadGuard;

 public:
  using Buckets = ResizableBuckets<Domain>;

  // Where it grows and shrinks: see there.
  static constexpr size_t kMinBuckets = Buckets::kMinBuckets;
  static constexpr size_t kEntriesPerBucket = Buckets::kEntriesPerBucket;

  // Keys that MultiGet looks up side by side: what a core has in flight between its first
  // cache and memory is 10 to 16 lines.
  static constexpr size_t kGroup = 16;

  // `buckets` is rounded up to a power of two, at least kMinBuckets: presizes the map for
  // kEntriesPerBucket times as many entries. It will not shrink below. Throws
  // std::bad_alloc.
  explicit HashMap(size_t buckets = kMinBuckets) : buckets_(buckets) {}

  HashMap(const HashMap&) = delete;
  HashMap& operator=(const HashMap&) = delete;

  // Frees everything that is in the map. No reader or writer may be using it.
  ~HashMap() = default;

  // The entry of `key`, or null. Inside the caller's section; valid until it ends.
  [[gnu::always_inline]] const Entry* Find(std::string_view key) const {
    // Inlined as far as a lookup goes as a rule: the fewer instructions, the more lookups
    // wait for their misses side by side.
    const uint64_t hash = buckets_.HashOf(key);
    const BucketArray* array = buckets_.Current();
    const Entry* entry = FirstCandidate(array->BucketOf(hash), hash);
    if (entry != nullptr && HasKey(entry, key)) [[likely]]
      return entry;
    return FindFrom(array, key, hash);
  }

  // Find of each of `keys`, in groups whose memory accesses overlap: entries[i] becomes
  // the entry of keys[i], or null. The two are of one size, any size. Inside the caller's
  // section, until whose end the entries are valid. Where the map is larger than the
  // caches this takes a fraction of the time of as many Finds.
  void MultiGet(std::span<const std::string_view> keys,
                std::span<const Entry*> entries) const {
    for (size_t begin = 0; begin < keys.size(); begin += kGroup) {
      const size_t count = std::min(kGroup, keys.size() - begin);
      FindGroup(keys.subspan(begin, count), entries.subspan(begin, count));
    }
  }

  // Finds all of `keys` at once, see guarantee (g): entries[i] becomes the entry of
  // keys[i], or null. The two are of one size. Inside one section of the caller's, until
  // whose end the entries are valid.
  //
  // Speculates; where batches come so thick that it fails a few times, or one stays open,
  // it waits for that batch's end. Not for a thread that has a batch of this map open.
  void SnapshotFind(std::span<const std::string_view> keys,
                    std::span<const Entry*> entries) const {
    ReadConsistently(batches_.count, batches_.writers, [&] { MultiGet(keys, entries); });
  }

  // Makes `entry`, which is not null, the one of its key. Returns the entry that it
  // replaced, or null. What is returned is unlinked, and the caller's to pass to Retire.
  [[nodiscard]] const Entry* Upsert(EntryPtr entry);

  // Removes `key`. Returns what was unlinked, as Upsert does, or null.
  [[nodiscard]] const Entry* Unlink(std::string_view key);

  // Frees an unlinked entry when no reader can hold it any more; null: nothing to do.
  static void Retire(const Entry* entry);

  // Writes that SnapshotFind sees as one. Open while it lives; one at a time in each map:
  // the constructor waits for the others. Other writers are not held up, nor is Find.
  //
  // It is a section of the domain. So Retire in it does not wait, and does not keep to
  // the backlog's limit: better retire after it; and Synchronize and Barrier are not for
  // it. The thread must write to the map through the batch alone, and open no further
  // one; under RwLockDomain it must hold nothing else of the domain. Keep it short: grace
  // periods wait for it, and a SnapshotFind may.
  class [[nodiscard]] WriteBatch {
   public:
    explicit WriteBatch(HashMap& map)
        : map_(Locked(map)),
          unlock_(map.batches_.writers, std::adopt_lock),
          section_(map.batches_.count) {}
    WriteBatch(const WriteBatch&) = delete;
    WriteBatch& operator=(const WriteBatch&) = delete;

    // As those of the map.
    [[nodiscard]] const Entry* Upsert(EntryPtr entry) {
      const uint64_t hash = map_.buckets_.HashOf(entry->key());
      return map_.UpsertGuarded(std::move(entry), hash);
    }
    [[nodiscard]] const Entry* Unlink(std::string_view key) {
      return map_.UnlinkGuarded(key, map_.buckets_.HashOf(key));
    }

   private:
    static HashMap& Locked(HashMap& map) {
      map.batches_.writers.lock();
      return map;
    }

    // In this order. Locked first: no batch waits for another inside a section, which
    // would hold up grace periods. Unlocked before the section ends: in qsbr the thread
    // may then wait for a grace period, which readers that wait for the batch would hold
    // up. And readers of RwLockDomain never find the count odd, or they would wait for a
    // batch that waits for them.
    HashMap& map_;
    WriteGuard guard_;
    std::lock_guard<std::shared_mutex> unlock_;
    SeqCount::WriteSection section_;
  };

  // Visits entries in the order of their hashes, from `cursor` on (0: the first), until
  // `visit` returns false or `max_buckets` buckets (at least 1) were walked. Returns
  // where to go on, or 0 at the end. Cursors mean the same in every map of the process,
  // whatever its size. `visit` is bool(const Entry&) and runs inside a section that spans
  // the call. Keys of one and the same hash go together: the others are visited after a
  // false too.
  template <class Visitor>
  uint64_t Scan(uint64_t cursor, size_t max_buckets, Visitor&& visit) const;

  // How many keys there are.
  size_t size() const { return buckets_.figures().entries(); }
  // Of their entries: keys, values and headers.
  size_t entry_bytes() const { return buckets_.figures().entry_bytes(); }
  // Of the bucket arrays and overflow buckets.
  size_t bucket_bytes() const { return buckets_.figures().bucket_bytes(); }

  // Buckets in the longest chain. Walks the whole map: for tests and diagnosis.
  size_t LongestChain() const {
    ReadGuard guard;
    return buckets_.LongestChain();
  }

 private:
  // The entry that most likely is the one looked for, on its way into the cache; or null.
  [[gnu::always_inline]] static const Entry* FirstCandidate(const Bucket& bucket,
                                                            uint64_t hash);
  // Of an entry that is there, or null.
  [[gnu::always_inline]] static void Prefetch(const Entry* entry);
  [[gnu::noinline]] const Entry* FindFrom(const BucketArray* array, std::string_view key,
                                          uint64_t hash) const;
  // Of at most kGroup keys.
  void FindGroup(std::span<const std::string_view> keys,
                 std::span<const Entry*> entries) const;

  // With the domain's WriteGuard held.
  const Entry* UpsertGuarded(EntryPtr entry, uint64_t hash);
  const Entry* UnlinkGuarded(std::string_view key, uint64_t hash);

  // Appends the entries of the chain of `position` with their positions, at or behind it;
  // returns the first position of the next chain, or 0.
  uint64_t CollectChain(uint64_t position,
                        std::vector<std::pair<uint64_t, const Entry*>>& found) const;

  Buckets buckets_;

  // Apart from what every lookup loads.
  struct alignas(64) Batches {
    SeqCount count;
    // Held by the writer of an open batch; shared by readers that gave up speculating.
    // glibc hands it to waiting readers before it lets the next writer in.
    std::shared_mutex writers;
  };
  mutable Batches batches_;
};

// ---- Readers

template <class Domain>
inline const Entry* HashMap<Domain>::FirstCandidate(const Bucket& bucket, uint64_t hash) {
  const SlotSet slots = SlotsWithTagOf(hash, bucket);
  if (slots.empty()) return nullptr;
  const Entry* entry = SlotWord::EntryOf(LoadSlot(bucket.slots[slots.First()]));
  Prefetch(entry);
  return entry;
}

template <class Domain>
inline void HashMap<Domain>::Prefetch(const Entry* entry) {
  // The line behind the first too: where the value is, the entry's first line tells, and
  // half of all entries begin in the middle of one. As a number: it may be null.
  __builtin_prefetch(entry);
  __builtin_prefetch(
      reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(entry) + sizeof(Bucket)));
}

template <class Domain>
const Entry* HashMap<Domain>::FindFrom(const BucketArray* array, std::string_view key,
                                       uint64_t hash) const {
  const Bucket* bucket = &array->BucketOf(hash);
  for (;;) {
    uint64_t link = Mutated(Mutant::kLookupLinkFirst) ? LoadLink(*bucket) : 0;
    for (SlotSet slots = SlotsWithTagOf(hash, *bucket); !slots.empty();
         slots.RemoveFirst()) {
      const Entry* entry = SlotWord::EntryOf(LoadSlot(bucket->slots[slots.First()]));
      if (entry != nullptr && HasKey(entry, key)) return entry;
    }
    // Only after the slots: a key that was moved away from them is behind the link.
    if constexpr (!Mutated(Mutant::kLookupLinkFirst)) link = LoadLink(*bucket);
    if ((link & Bucket::kForwarded) != 0) {
      array = Buckets::NextOf(array);
      bucket = &array->BucketOf(hash);
    } else {
      bucket = Bucket::OverflowOf(link);
      if (bucket == nullptr) return nullptr;
    }
  }
}

// Three passes over the group, each of which touches lines that the one before has asked
// for: DRAMHiT (Narayanan et al., EuroSys 2023) and the group prefetching of Chen et al.
// (ICDE 2004). A key whose guess is wrong (another key has its tag, an overflow bucket, a
// move) or that is not there is looked up again, in lines that are near by now.
template <class Domain>
void HashMap<Domain>::FindGroup(std::span<const std::string_view> keys,
                                std::span<const Entry*> entries) const {
  const BucketArray* array = buckets_.Current();
  std::array<uint64_t, kGroup> hashes;
  for (size_t i = 0; i < keys.size(); ++i) {
    hashes[i] = buckets_.HashOf(keys[i]);
    __builtin_prefetch(&array->BucketOf(hashes[i]));
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    const Bucket& bucket = array->BucketOf(hashes[i]);
    const SlotSet slots = SlotsWithTagOf(hashes[i], bucket);
    entries[i] = slots.empty() ? nullptr
                               : SlotWord::EntryOf(LoadSlot(bucket.slots[slots.First()]));
    Prefetch(entries[i]);
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    if (entries[i] != nullptr && HasKey(entries[i], keys[i])) continue;
    entries[i] = FindFrom(array, keys[i], hashes[i]);
  }
}

template <class Domain>
template <class Visitor>
uint64_t HashMap<Domain>::Scan(uint64_t cursor, size_t max_buckets,
                               Visitor&& visit) const {
  ReadGuard guard;
  std::vector<std::pair<uint64_t, const Entry*>> found;
  uint64_t position = cursor;
  size_t walked = 0;
  do {
    found.clear();
    const uint64_t next_position = CollectChain(position, found);
    std::sort(found.begin(), found.end());
    bool stop = false;
    for (size_t i = 0; i < found.size(); ++i) {
      if (i > 0 && found[i].first == found[i - 1].first) {
        // No cursor lies between entries of one position, so they go together; but a key
        // that was removed and put back behind the walk is one key.
        if (found[i].second->key() == found[i - 1].second->key()) continue;
      } else if (stop) {
        return found[i].first;
      }
      if (!visit(*found[i].second)) stop = true;
    }
    position = next_position;
    if (stop || position == 0) break;
  } while (++walked < max_buckets);
  return position;
}

template <class Domain>
uint64_t HashMap<Domain>::CollectChain(
    uint64_t position, std::vector<std::pair<uint64_t, const Entry*>>& found) const {
  const uint64_t hash_bits = HashOfPosition(position);
  const BucketArray* array = buckets_.Current();
  const Bucket* bucket = &array->BucketOf(hash_bits);
  while (bucket != nullptr) {
    for (const auto& slot : bucket->slots) {
      const Entry* entry = SlotWord::EntryOf(LoadSlot(slot));
      if (entry == nullptr) continue;
      const uint64_t entry_position = PositionOfHash(buckets_.HashOf(entry->key()));
      if (entry_position >= position) found.emplace_back(entry_position, entry);
    }
    const uint64_t link = LoadLink(*bucket);
    if ((link & Bucket::kForwarded) != 0) {
      // Some of the slots may have been read empty because their entries were moved:
      // those of the next array count, whose chain has half the range, or twice.
      if constexpr (!Mutated(Mutant::kScanKeepsWhatMoved)) found.clear();
      array = Buckets::NextOf(array);
      bucket = &array->BucketOf(hash_bits);
    } else {
      bucket = Bucket::OverflowOf(link);
    }
  }
  return NextChainPosition(position, array->count());
}

// ---- Writers

template <class Domain>
const Entry* HashMap<Domain>::Upsert(EntryPtr entry) {
  const uint64_t hash = buckets_.HashOf(entry->key());
  WriteGuard guard;
  return UpsertGuarded(std::move(entry), hash);
}

template <class Domain>
const Entry* HashMap<Domain>::UpsertGuarded(EntryPtr entry, uint64_t hash) {
  const size_t bytes = entry->allocated_bytes();
  buckets_.HelpResize();
  Place place;
  bool was_full = false;
  {
    BucketLock lock = buckets_.LockChain(hash);
    Bucket& first = lock.bucket();
    place = FindInChain(first, entry->key(), hash);
    if (place.slot == nullptr) {
      place.slot = EmptySlotOf(first);
      was_full = place.slot == nullptr;
      if (was_full) place.slot = &buckets_.SlotForInsert(first);
    }
    // [H1] release; pairs with [H2]: a reader that finds the entry finds it built.
    place.slot->store(SlotWord::Make(entry.release(), hash),
                      Order<Mutant::kSlotStoreRelaxed>(std::memory_order_release));
  }
  if (place.entry != nullptr) {
    buckets_.figures().ReplaceEntry(place.entry->allocated_bytes(), bytes);
  } else {
    buckets_.figures().AddEntry(bytes);
    if (was_full) buckets_.GrowIfFull();
  }
  return place.entry;
}

template <class Domain>
const Entry* HashMap<Domain>::Unlink(std::string_view key) {
  const uint64_t hash = buckets_.HashOf(key);
  WriteGuard guard;
  return UnlinkGuarded(key, hash);
}

template <class Domain>
const Entry* HashMap<Domain>::UnlinkGuarded(std::string_view key, uint64_t hash) {
  buckets_.HelpResize();
  Place place;
  bool left_empty = false;
  {
    BucketLock lock = buckets_.LockChain(hash);
    place = FindInChain(lock.bucket(), key, hash);
    if (place.slot == nullptr) return nullptr;
    // [H1] release, as every store of a slot.
    place.slot->store(SlotWord::kEmpty, std::memory_order_release);
    left_empty = IsEmpty(lock.bucket());
  }
  buckets_.figures().RemoveEntry(place.entry->allocated_bytes());
  if (left_empty) buckets_.ShrinkIfSparse();
  return place.entry;
}

template <class Domain>
void HashMap<Domain>::Retire(const Entry* entry) {
  if (entry == nullptr) return;
  Domain::Retire(
      const_cast<Entry*>(entry),
      [](void* retired) { EntryDeleter()(static_cast<const Entry*>(retired)); },
      entry->allocated_bytes(), ReclaimOn::kAnyThread);
}

}  // namespace rcu

#endif  // RCUKV_RCU_HASH_MAP_H_
