// The buckets of a hash map: an array of chains that grows and shrinks under its readers
// and writers, a few buckets with each write.
//
// How it is resized: one writer makes an array of twice or half the size; then every
// write moves a few buckets of the old one into it, until none is left and the new array
// becomes current. A bucket i of n is split between i and i + n when the map grows;
// buckets i and i + n / 2 become one, i, when it shrinks, and are moved together.
//
// A move, under the locks of what it moves: copy the slots' words; say kForwarded in
// every link of the chains; empty the slots; unlock. A reader takes from a chain what it
// finds in a slot, as nothing can have changed there before the lock is free; and a
// reader that finds a slot emptied finds kForwarded when it comes to the link. Hence the
// slots must be empty before a bucket is unlocked, and the links forwarded before they
// are.
//
// Invariants
//   1. A key is in at most one slot of the array that its bucket has not been forwarded
//      from, and stays in that slot until it is removed or the bucket is moved.
//   2. Only the holder of a bucket's lock bit stores its chain's slots and links. Slots
//      of the next array are stored by whoever holds the locks of all buckets that
//      forward to them (one in a growth, two in a shrinking), until these are forwarded.
//   3. A bucket whose link says kForwarded is in an array whose `next` is set; once its
//      lock bit is clear its slots are empty, and stay so.
//   4. An array stops being `current_` only when all of its buckets are forwarded.
//
// Memory ordering: docs/MEMORY_MODEL.md; the labels here are [H5] [H6] [H9] of arrays,
// [H1] of slots; the others are in chain.h and bucket_lock.h.
//
// The layout follows DLHT (Psaropoulos et al., HPDC 2024) in its cache-line buckets with
// bounded chaining; that a bucket is copied, then forwarded, then emptied is our own.
#ifndef RCUKV_RCU_RESIZABLE_BUCKETS_H_
#define RCUKV_RCU_RESIZABLE_BUCKETS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <span>
#include <string_view>

#include "rcu/bucket.h"
#include "rcu/bucket_lock.h"
#include "rcu/chain.h"
#include "rcu/entry.h"
#include "rcu/hash.h"
#include "rcu/map_figures.h"
#include "rcu/mutant.h"

namespace rcu {

// Thread safety: every method may be called by any thread at any time, but the
// destructor; Current, NextOf and LongestChain inside a section of Domain, the writers'
// with its WriteGuard held.
template <class Domain>
class ResizableBuckets {
 public:
  // The fewest buckets.
  static constexpr size_t kMinBuckets = 16;
  // Entries per bucket past which the array doubles, when next an insert finds a bucket
  // full. At 5, one key in 20 lies in an overflow bucket and a bucket's share of an entry
  // is 14.5 bytes; at 2.5, where a growth ends, one in 435, and 26 bytes (Poisson, 7
  // slots, overflow buckets counted).
  static constexpr size_t kEntriesPerBucket = 5;
  // And below which it halves, when next a bucket is left empty: there it will have half
  // as many as where it doubles.
  static constexpr double kFewestEntriesPerBucket = 1.25;

  // `buckets` is rounded up to a power of two, at least kMinBuckets; never fewer later.
  // Throws std::bad_alloc.
  explicit ResizableBuckets(size_t buckets)
      : secret_(ProcessHashSecret()),
        first_count_(std::bit_ceil(std::max(buckets, kMinBuckets))),
        current_(FirstArray()) {}

  ResizableBuckets(const ResizableBuckets&) = delete;
  ResizableBuckets& operator=(const ResizableBuckets&) = delete;

  // Frees the entries too. No reader or writer may be at work.
  ~ResizableBuckets();

  [[gnu::always_inline]] uint64_t HashOf(std::string_view key) const {
    return Hash(key, secret_);
  }

  // ---- Readers

  // Where every lookup begins.
  BucketArray* Current() const {
    // [H6] acquire; pairs with [H5]: an array that is found is found made.
    return current_.load(Order<Mutant::kArrayLoadRelaxed>(std::memory_order_acquire));
  }
  // Where it goes on from a bucket that says kForwarded.
  static BucketArray* NextOf(const BucketArray* array) {
    // [H6] acquire; pairs with [H5].
    return array->next.load(Order<Mutant::kArrayLoadRelaxed>(std::memory_order_acquire));
  }

  // Buckets in the longest chain.
  size_t LongestChain() const;

  // ---- Writers

  // Those of entries are for the caller to keep; those of buckets are kept here.
  MapFigures& figures() { return figures_; }
  const MapFigures& figures() const { return figures_; }

  // Locks the chain that `hash` belongs to, in the array that it has not left.
  BucketLock LockChain(uint64_t hash);

  // An empty slot of the locked chain; makes an overflow bucket where there is none.
  // Throws std::bad_alloc.
  std::atomic<uint64_t>& SlotForInsert(Bucket& first);

  // None of these may be left half-way, hence noexcept: where there is no memory, a
  // resize does not begin; where it has begun to move a bucket, the program ends.

  // Takes its part in a resize, if there is one: before every write, holding no lock.
  void HelpResize() noexcept;
  // Begins a resize, if the map is too full or too sparse and there is none: when an
  // insert found the first bucket of its chain full, when a removal left it empty.
  void GrowIfFull() noexcept;
  void ShrinkIfSparse() noexcept;

 private:
  // Buckets (when shrinking, pairs of them) that a write looks at while the map is
  // resized. The next resize is due after more writes than there are buckets: so one
  // would do.
  static constexpr size_t kMovesPerWrite = 8;

  BucketArray* FirstArray() {
    BucketArray* array = BucketArray::New(first_count_);
    if (array == nullptr) throw std::bad_alloc();
    figures_.AddBuckets(array->bytes());
    return array;
  }

  void StartResize(BucketArray* array, size_t count) noexcept;
  bool Move(BucketArray* array, BucketArray* next, size_t index) noexcept;
  // These hand the overflow buckets over that are to be retired without the locks.
  bool MoveLocked(BucketArray* array, BucketArray* next, size_t index,
                  std::array<Bucket*, 2>& overflows) noexcept;
  void MoveChains(std::span<Bucket* const> chains, BucketArray* next,
                  std::array<Bucket*, 2>& overflows) noexcept;
  void CopyChain(const Bucket& first, BucketArray* next) noexcept;
  void RetireOverflow(Bucket* overflow) noexcept;
  void FinishResize(BucketArray* array, BucketArray* next) noexcept;

  const HashSecret& secret_;
  const size_t first_count_;
  // Written by writers alone; in stripes, so apart from what readers load.
  MapFigures figures_;
  std::atomic<BucketArray*> current_;
};

template <class Domain>
BucketLock ResizableBuckets<Domain>::LockChain(uint64_t hash) {
  BucketArray* array = Current();
  for (;;) {
    BucketLock lock(array->BucketOf(hash));
    if (!lock.forwarded()) return lock;
    array = NextOf(array);
  }
}

template <class Domain>
std::atomic<uint64_t>& ResizableBuckets<Domain>::SlotForInsert(Bucket& first) {
  for (Bucket* bucket = &first;; bucket = OverflowOf(*bucket)) {
    std::atomic<uint64_t>* slot = EmptySlotOf(*bucket);
    if (slot != nullptr) return *slot;
    if (OverflowOf(*bucket) != nullptr) continue;
    AppendOverflow(*bucket, new Bucket);
    figures_.AddBuckets(sizeof(Bucket));
  }
}

// ---- Resizing

template <class Domain>
void ResizableBuckets<Domain>::GrowIfFull() noexcept {
  BucketArray* array = Current();
  if (NextOf(array) != nullptr) return;
  if (figures_.entries() > kEntriesPerBucket * array->count()) {
    StartResize(array, 2 * array->count());
  }
}

template <class Domain>
void ResizableBuckets<Domain>::ShrinkIfSparse() noexcept {
  BucketArray* array = Current();
  if (array->count() == first_count_ || NextOf(array) != nullptr) return;
  if (static_cast<double>(figures_.entries()) <
      kFewestEntriesPerBucket * static_cast<double>(array->count())) {
    StartResize(array, array->count() / 2);
  }
}

template <class Domain>
void ResizableBuckets<Domain>::StartResize(BucketArray* array, size_t count) noexcept {
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
void ResizableBuckets<Domain>::HelpResize() noexcept {
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
bool ResizableBuckets<Domain>::Move(BucketArray* array, BucketArray* next,
                                    size_t index) noexcept {
  if (IsForwarded(array->bucket(index))) return false;
  std::array<Bucket*, 2> overflows{};
  if (!MoveLocked(array, next, index, overflows)) return false;
  for (Bucket* overflow : overflows) RetireOverflow(overflow);
  return true;
}

template <class Domain>
bool ResizableBuckets<Domain>::MoveLocked(BucketArray* array, BucketArray* next,
                                          size_t index,
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
void ResizableBuckets<Domain>::MoveChains(std::span<Bucket* const> chains,
                                          BucketArray* next,
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
void ResizableBuckets<Domain>::CopyChain(const Bucket& first,
                                         BucketArray* next) noexcept {
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
void ResizableBuckets<Domain>::RetireOverflow(Bucket* overflow) noexcept {
  while (overflow != nullptr) {
    Bucket* next = OverflowOf(*overflow);
    Domain::Retire(overflow);
    figures_.RemoveBuckets(sizeof(Bucket));
    overflow = next;
  }
}

template <class Domain>
void ResizableBuckets<Domain>::FinishResize(BucketArray* array,
                                            BucketArray* next) noexcept {
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

template <class Domain>
ResizableBuckets<Domain>::~ResizableBuckets() {
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
size_t ResizableBuckets<Domain>::LongestChain() const {
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

#endif  // RCUKV_RCU_RESIZABLE_BUCKETS_H_
