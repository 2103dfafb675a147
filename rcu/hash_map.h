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
// destructor. Find and SnapshotFind want the caller to hold the domain's ReadGuard; the
// others take what they need, and are not to be called while holding one of RwLockDomain.
//
// Guarantees
//   (a) Find is wait-free: it walks one chain, in each of the arrays that the map has
//   been
//       resized through during the call. It takes no lock and never starts again. Chains
//       are short as long as writers make progress: a resize cannot end while a writer is
//       held up in the middle of a move.
//   (b) Operations on one key are linearizable: a reader that starts after a write
//       returned sees it, whatever resize is under way.
//   (c) A key that is there during a whole Scan is visited by it exactly once.
//   (d) Writers wait only for whoever is changing the same bucket.
//   (e) Growing and shrinking never block a reader, and delay each write by a few
//   buckets'
//       work.
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
// Invariants
//   1. A key is in at most one slot of the array that its bucket has not been forwarded
//      from, and stays in that slot until it is removed or the bucket is moved.
//   2. Only the holder of a bucket's lock bit stores its chain's slots and links. Slots
//      of the next array are stored by whoever holds the locks of all buckets that
//      forward to them (one in a growth, two in a shrinking), until these are forwarded.
//   3. A bucket whose link says kForwarded is in an array whose `next` is set; once its
//      lock bit is clear its slots are empty, and stay so.
//   4. An array that has a `next` whose buckets can be reached is not `current_` any more
//      only when all of its buckets are forwarded.
//
// Memory ordering: docs/MEMORY_MODEL.md; the labels are
//   [H1] [H2] slots   [H3] [H4] links   [H5] [H6] [H9] arrays   [H7] [H8] bucket locks
// and those of seqcount.h for batches.
//
// The layout follows DLHT (Psaropoulos et al., HPDC 2024) in its cache-line buckets with
// bounded chaining; that a bucket is copied, then forwarded, then emptied is our own.
#ifndef RCUKV_RCU_HASH_MAP_H_
#define RCUKV_RCU_HASH_MAP_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "rcu/bucket.h"
#include "rcu/bucket_lock.h"
#include "rcu/chain.h"
#include "rcu/entry.h"
#include "rcu/hash.h"
#include "rcu/hash_order.h"
#include "rcu/map_figures.h"
#include "rcu/mutant.h"
#include "rcu/reclaim_on.h"
#include "rcu/seqcount.h"
#include "rcu/tag_match.h"

namespace rcu {

template <class Domain>
class HashMap {
  using WriteGuard = typename Domain::WriteGuard;
  using ReadGuard = typename Domain::ReadGuard;

 public:
  // The fewest buckets of a map.
  static constexpr size_t kMinBuckets = 16;
  // Entries per bucket past which the map doubles, when next an insert finds a bucket
  // full. At 5, one key in 20 lies in an overflow bucket and a bucket's share of an entry
  // is 14.5 bytes; at 2.5, where a growth ends, one in 435, and 26 bytes (Poisson, 7
  // slots, overflow buckets counted).
  static constexpr size_t kEntriesPerBucket = 5;
  // And below which it halves, when next a bucket is left empty: there it will have half
  // as many as where it doubles.
  static constexpr double kFewestEntriesPerBucket = 1.25;

  // `buckets` is rounded up to a power of two, at least kMinBuckets: presizes the map for
  // kEntriesPerBucket times as many entries. It will not shrink below. Throws
  // std::bad_alloc.
  explicit HashMap(size_t buckets = kMinBuckets)
      : secret_(ProcessHashSecret()),
        first_count_(std::bit_ceil(std::max(buckets, kMinBuckets))),
        current_(FirstArray()) {}

  HashMap(const HashMap&) = delete;
  HashMap& operator=(const HashMap&) = delete;

  // Frees everything that is in the map. No reader or writer may be using it.
  ~HashMap();

  // The entry of `key`, or null. Inside the caller's section; valid until it ends.
  [[gnu::always_inline]] const Entry* Find(std::string_view key) const {
    // Inlined as far as a lookup goes as a rule: the fewer instructions, the more lookups
    // wait for their misses side by side.
    const uint64_t hash = HashOf(key);
    const BucketArray* array = Current();
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
        : map_(map), lock_(map.batches_.writers), section_(map.batches_.count) {}
    WriteBatch(const WriteBatch&) = delete;
    WriteBatch& operator=(const WriteBatch&) = delete;

    // As those of the map.
    [[nodiscard]] const Entry* Upsert(EntryPtr entry) {
      const uint64_t hash = map_.HashOf(entry->key());
      return map_.UpsertGuarded(std::move(entry), hash);
    }
    [[nodiscard]] const Entry* Unlink(std::string_view key) {
      return map_.UnlinkGuarded(key, map_.HashOf(key));
    }

   private:
    HashMap& map_;
    // In this order: no batch waits for another inside a section, which would hold up
    // grace periods; and readers of RwLockDomain never find the count odd, or they would
    // wait for a batch that waits for them.
    std::lock_guard<std::shared_mutex> lock_;
    WriteGuard guard_;
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
  size_t size() const { return figures_.entries(); }
  // Of their entries: keys, values and headers.
  size_t entry_bytes() const { return figures_.entry_bytes(); }
  // Of the bucket arrays and overflow buckets.
  size_t bucket_bytes() const { return figures_.bucket_bytes(); }

  // Buckets in the longest chain. Walks the whole map: for tests and diagnosis.
  size_t LongestChain() const;

 private:
  // Buckets (when shrinking, pairs of them) that a write looks at while the map is
  // resized. The next resize is due after more writes than there are buckets: so one
  // would do.
  static constexpr size_t kMovesPerWrite = 8;

  // Keys that MultiGet looks up side by side: what a core has in flight between its first
  // cache and memory is 10 to 16 lines.
  static constexpr size_t kGroup = 16;

  BucketArray* FirstArray() {
    BucketArray* array = BucketArray::New(first_count_);
    if (array == nullptr) throw std::bad_alloc();
    figures_.AddBuckets(array->bytes());
    return array;
  }

  [[gnu::always_inline]] uint64_t HashOf(std::string_view key) const {
    return Hash(key, secret_);
  }

  BucketArray* Current() const {
    // [H6] acquire; pairs with [H5]: an array that is found is found made.
    return current_.load(Order<Mutant::kArrayLoadRelaxed>(std::memory_order_acquire));
  }
  static BucketArray* NextOf(const BucketArray* array) {
    // [H6] acquire; pairs with [H5].
    return array->next.load(Order<Mutant::kArrayLoadRelaxed>(std::memory_order_acquire));
  }

  // The entry that most likely is the one looked for, on its way into the cache; or null.
  [[gnu::always_inline]] static const Entry* FirstCandidate(const Bucket& bucket,
                                                            uint64_t hash);
  [[gnu::noinline]] const Entry* FindFrom(const BucketArray* array, std::string_view key,
                                          uint64_t hash) const;
  // Of at most kGroup keys.
  void FindGroup(std::span<const std::string_view> keys,
                 std::span<const Entry*> entries) const;

  // With the domain's WriteGuard held.
  const Entry* UpsertGuarded(EntryPtr entry, uint64_t hash);
  const Entry* UnlinkGuarded(std::string_view key, uint64_t hash);

  // An empty slot of the locked chain; makes an overflow bucket where there is none.
  std::atomic<uint64_t>& SlotForInsert(Bucket& first);

  // Locks the chain that `hash` belongs to, in the array that it has not left.
  BucketLock LockChain(uint64_t hash);

  // None of these may be left half-way: noexcept, guarantee (f).
  void GrowIfFull() noexcept;
  void ShrinkIfSparse() noexcept;
  void StartResize(BucketArray* array, size_t count) noexcept;
  void HelpResize() noexcept;
  bool Move(BucketArray* array, BucketArray* next, size_t index) noexcept;
  // These hand the overflow buckets over that are to be retired without the locks.
  bool MoveLocked(BucketArray* array, BucketArray* next, size_t index,
                  std::array<Bucket*, 2>& overflows) noexcept;
  void MoveChains(std::span<Bucket* const> chains, BucketArray* next,
                  std::array<Bucket*, 2>& overflows) noexcept;
  void CopyChain(const Bucket& first, BucketArray* next) noexcept;
  void RetireOverflow(Bucket* overflow) noexcept;
  void FinishResize(BucketArray* array, BucketArray* next) noexcept;

  // Appends the entries of the chain of `position` with their positions, at or behind it;
  // returns the first position of the next chain, or 0.
  uint64_t CollectChain(uint64_t position,
                        std::vector<std::pair<uint64_t, const Entry*>>& found) const;

  const HashSecret& secret_;
  const size_t first_count_;
  // Written by writers alone; in stripes, so apart from what readers load.
  MapFigures figures_;
  std::atomic<BucketArray*> current_;

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
  // The line behind the first too: where the value is, the entry's first line tells, and
  // half of all entries begin in the middle of one. As a number: it may be null.
  __builtin_prefetch(entry);
  __builtin_prefetch(
      reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(entry) + sizeof(Bucket)));
  return entry;
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
      array = NextOf(array);
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
  const BucketArray* array = Current();
  std::array<uint64_t, kGroup> hashes;
  for (size_t i = 0; i < keys.size(); ++i) {
    hashes[i] = HashOf(keys[i]);
    __builtin_prefetch(&array->BucketOf(hashes[i]));
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    const Bucket& bucket = array->BucketOf(hashes[i]);
    const SlotSet slots = SlotsWithTagOf(hashes[i], bucket);
    entries[i] = slots.empty() ? nullptr
                               : SlotWord::EntryOf(LoadSlot(bucket.slots[slots.First()]));
    __builtin_prefetch(entries[i]);
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
  const BucketArray* array = Current();
  const Bucket* bucket = &array->BucketOf(hash_bits);
  while (bucket != nullptr) {
    for (const auto& slot : bucket->slots) {
      const Entry* entry = SlotWord::EntryOf(LoadSlot(slot));
      if (entry == nullptr) continue;
      const uint64_t entry_position = PositionOfHash(HashOf(entry->key()));
      if (entry_position >= position) found.emplace_back(entry_position, entry);
    }
    const uint64_t link = LoadLink(*bucket);
    if ((link & Bucket::kForwarded) != 0) {
      // Some of the slots may have been read empty because their entries were moved:
      // those of the next array, a chain of half the range, count.
      if constexpr (!Mutated(Mutant::kScanKeepsWhatMoved)) found.clear();
      array = NextOf(array);
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
  const uint64_t hash = HashOf(entry->key());
  WriteGuard guard;
  return UpsertGuarded(std::move(entry), hash);
}

template <class Domain>
const Entry* HashMap<Domain>::UpsertGuarded(EntryPtr entry, uint64_t hash) {
  const size_t bytes = entry->allocated_bytes();
  HelpResize();
  Place place;
  bool was_full = false;
  {
    BucketLock lock = LockChain(hash);
    Bucket& first = lock.bucket();
    place = FindInChain(first, entry->key(), hash);
    if (place.slot == nullptr) {
      place.slot = EmptySlotOf(first);
      was_full = place.slot == nullptr;
      if (was_full) place.slot = &SlotForInsert(first);
    }
    // [H1] release; pairs with [H2]: a reader that finds the entry finds it built.
    place.slot->store(SlotWord::Make(entry.release(), hash),
                      Order<Mutant::kSlotStoreRelaxed>(std::memory_order_release));
  }
  if (place.entry != nullptr) {
    figures_.ReplaceEntry(place.entry->allocated_bytes(), bytes);
  } else {
    figures_.AddEntry(bytes);
    if (was_full) GrowIfFull();
  }
  return place.entry;
}

template <class Domain>
const Entry* HashMap<Domain>::Unlink(std::string_view key) {
  const uint64_t hash = HashOf(key);
  WriteGuard guard;
  return UnlinkGuarded(key, hash);
}

template <class Domain>
const Entry* HashMap<Domain>::UnlinkGuarded(std::string_view key, uint64_t hash) {
  HelpResize();
  Place place;
  bool left_empty = false;
  {
    BucketLock lock = LockChain(hash);
    place = FindInChain(lock.bucket(), key, hash);
    if (place.slot == nullptr) return nullptr;
    // [H1] release, as every store of a slot.
    place.slot->store(SlotWord::kEmpty, std::memory_order_release);
    left_empty = IsEmpty(lock.bucket());
  }
  figures_.RemoveEntry(place.entry->allocated_bytes());
  if (left_empty) ShrinkIfSparse();
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

template <class Domain>
BucketLock HashMap<Domain>::LockChain(uint64_t hash) {
  BucketArray* array = Current();
  for (;;) {
    BucketLock lock(array->BucketOf(hash));
    if (!lock.forwarded()) return lock;
    array = NextOf(array);
  }
}

template <class Domain>
std::atomic<uint64_t>& HashMap<Domain>::SlotForInsert(Bucket& first) {
  for (Bucket* bucket = &first;; bucket = OverflowOf(*bucket)) {
    std::atomic<uint64_t>* slot = EmptySlotOf(*bucket);
    if (slot != nullptr) return *slot;
    if (OverflowOf(*bucket) != nullptr) continue;
    AppendOverflow(*bucket, new Bucket);
    figures_.AddBuckets(sizeof(Bucket));
  }
}

// ---- Resizing
//
// One writer makes an array of twice or half the size; then every write moves a few
// buckets of the old one into it, until none is left and the new array becomes current. A
// bucket i of n is split between i and i + n when the map grows; buckets i and i + n / 2
// become one, i, when it shrinks, and are moved together.
//
// A move, under the locks of what it moves: copy the slots' words; say kForwarded in
// every link of the chains; empty the slots; unlock. A reader takes from a chain what it
// finds in a slot, as nothing can have changed there before the lock is free; and a
// reader that finds a slot emptied finds kForwarded when it comes to the link. Hence the
// slots must be empty before a bucket is unlocked, and the links forwarded before they
// are.

template <class Domain>
void HashMap<Domain>::GrowIfFull() noexcept {
  BucketArray* array = Current();
  if (NextOf(array) != nullptr) return;
  if (size() > kEntriesPerBucket * array->count()) StartResize(array, 2 * array->count());
}

template <class Domain>
void HashMap<Domain>::ShrinkIfSparse() noexcept {
  BucketArray* array = Current();
  if (array->count() == first_count_ || NextOf(array) != nullptr) return;
  if (static_cast<double>(size()) <
      kFewestEntriesPerBucket * static_cast<double>(array->count())) {
    StartResize(array, array->count() / 2);
  }
}

template <class Domain>
void HashMap<Domain>::StartResize(BucketArray* array, size_t count) noexcept {
  BucketArray* next = BucketArray::New(count);
  if (next == nullptr) return;  // Another write will try again.
  BucketArray* expected = nullptr;
  // [H5] release; pairs with [H6]: whoever finds the array finds it made.
  if (array->next.compare_exchange_strong(
          expected, next, Order<Mutant::kArrayStoreRelaxed>(std::memory_order_release),
          std::memory_order_relaxed)) {
    figures_.AddBuckets(next->bytes());
  } else {
    BucketArray::Delete(next);  // Another writer was faster; nobody has seen this one.
  }
}

template <class Domain>
void HashMap<Domain>::HelpResize() noexcept {
  BucketArray* array = Current();
  BucketArray* next = NextOf(array);
  if (next == nullptr) return;
  // What is moved at once: a bucket, or the two that become one.
  const size_t moves = std::min(array->count(), next->count());
  // relaxed: only spreads the writers; a bucket's lock says who moves it.
  const size_t begin = array->hand.fetch_add(kMovesPerWrite, std::memory_order_relaxed);
  size_t moved = 0;
  for (size_t i = 0; i < kMovesPerWrite; ++i) {
    if (Move(array, next, (begin + i) & (moves - 1))) ++moved;
  }
  if (moved == 0) return;
  // [H9] acq_rel; pairs with itself: all moves happen before the last mover goes on.
  moved += array->moved.fetch_add(
      moved, Order<Mutant::kMovedRelaxed>(std::memory_order_acq_rel));
  if (moved == moves) FinishResize(array, next);
}

// Moves bucket `index`, and what is to become one with it, unless that has been done or
// somebody is at work there: the hand comes round again. Returns whether it did.
template <class Domain>
bool HashMap<Domain>::Move(BucketArray* array, BucketArray* next, size_t index) noexcept {
  if (IsForwarded(array->bucket(index))) return false;
  std::array<Bucket*, 2> overflows{};
  if (!MoveLocked(array, next, index, overflows)) return false;
  for (Bucket* overflow : overflows) RetireOverflow(overflow);
  return true;
}

template <class Domain>
bool HashMap<Domain>::MoveLocked(BucketArray* array, BucketArray* next, size_t index,
                                 std::array<Bucket*, 2>& overflows) noexcept {
  BucketLock lock(array->bucket(index), std::try_to_lock);
  if (!lock.owns() || lock.forwarded()) return false;
  if (next->count() > array->count()) {
    MoveChains({{&lock.bucket()}}, next, overflows);
    return true;
  }
  Bucket& other = array->bucket(index + next->count());
  BucketLock other_lock(other, std::try_to_lock);
  if (!other_lock.owns() && !Mutated(Mutant::kShrinkLocksOne)) return false;
  MoveChains({{&lock.bucket(), &other}}, next, overflows);
  return true;
}

// The locks of `chains` are held: all that forward to the same buckets of `next`.
template <class Domain>
void HashMap<Domain>::MoveChains(std::span<Bucket* const> chains, BucketArray* next,
                                 std::array<Bucket*, 2>& overflows) noexcept {
  const auto forward = [&] {
    for (Bucket* chain : chains) ForwardChain(*chain);
  };
  if constexpr (Mutated(Mutant::kMoveForwardsFirst)) forward();
  for (const Bucket* chain : chains) CopyChain(*chain, next);
  if constexpr (!Mutated(Mutant::kMoveEmptiesFirst)) forward();
  for (size_t i = 0; i < chains.size(); ++i) overflows[i] = EmptyChain(*chains[i]);
  if constexpr (Mutated(Mutant::kMoveEmptiesFirst)) forward();
}

template <class Domain>
void HashMap<Domain>::CopyChain(const Bucket& first, BucketArray* next) noexcept {
  for (const Bucket* bucket = &first; bucket != nullptr; bucket = OverflowOf(*bucket)) {
    for (const auto& slot : bucket->slots) {
      const uint64_t word = LoadSlot(slot);
      if (word == SlotWord::kEmpty) continue;
      const uint64_t hash = HashOf(SlotWord::EntryOf(word)->key());
      // Nobody else stores here yet (invariant 2). [H1] release costs nothing more;
      // readers get here through the forwarded links [H3] alone.
      SlotForInsert(next->BucketOf(hash)).store(word, std::memory_order_release);
    }
  }
}

template <class Domain>
void HashMap<Domain>::RetireOverflow(Bucket* overflow) noexcept {
  while (overflow != nullptr) {
    Bucket* next = OverflowOf(*overflow);
    Domain::Retire(overflow);
    figures_.RemoveBuckets(sizeof(Bucket));
    overflow = next;
  }
}

template <class Domain>
void HashMap<Domain>::FinishResize(BucketArray* array, BucketArray* next) noexcept {
  // [H5] release; pairs with [H6]. Nobody else stores it: the next array cannot be left
  // before it is current.
  current_.store(next, Order<Mutant::kCurrentStoreRelaxed>(std::memory_order_release));
  figures_.RemoveBuckets(array->bytes());
  Domain::Retire(
      array,
      [](void* retired) { BucketArray::Delete(static_cast<BucketArray*>(retired)); },
      array->bytes());
  // Writes that came while the map was resized may have filled the new array as well, or
  // left little in it.
  GrowIfFull();
  ShrinkIfSparse();
}

// ---- Alone

template <class Domain>
HashMap<Domain>::~HashMap() {
  for (BucketArray* array = Current(); array != nullptr;) {
    for (size_t index = 0; index < array->count(); ++index) {
      Bucket* first = &array->bucket(index);
      for (Bucket* bucket = first; bucket != nullptr;) {
        for (auto& slot : bucket->slots) {
          const Entry* entry = SlotWord::EntryOf(LoadSlot(slot));
          if (entry != nullptr) EntryDeleter()(entry);
        }
        Bucket* overflow = OverflowOf(*bucket);
        if (bucket != first) delete bucket;
        bucket = overflow;
      }
    }
    BucketArray* next = NextOf(array);
    BucketArray::Delete(array);
    array = next;
  }
}

template <class Domain>
size_t HashMap<Domain>::LongestChain() const {
  ReadGuard guard;
  size_t longest = 0;
  for (const BucketArray* array = Current(); array != nullptr; array = NextOf(array)) {
    for (size_t index = 0; index < array->count(); ++index) {
      size_t length = 0;
      for (const Bucket* bucket = &array->bucket(index); bucket != nullptr;
           bucket = OverflowOf(*bucket)) {
        ++length;
      }
      longest = std::max(longest, length);
    }
  }
  return longest;
}

}  // namespace rcu

#endif  // RCUKV_RCU_HASH_MAP_H_
