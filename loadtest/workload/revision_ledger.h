// The newest revision of each key whose write was answered, so that readers know what is
// too old, and of which operation it was, so that they know what it must be.
//
//   writer:  revision = Put(...);  ledger.Settle(index, revision, number);
//   reader:  const Settled oldest = ledger.newest(index);
//            ... send a read, wait for its answer ...
//            the answer's mod_revision must be at least oldest.revision, and where it is
//            that, oldest.MayBeOf(the number of the operation that its value names)
//
// Any number of writers may write a key at the same time: revisions are in the order in
// which the server wrote.
//
// Thread safety: any threads, but Grow() is called by one at a time, and before any other
// uses the keys that it adds.
#ifndef RCUKV_LOADTEST_WORKLOAD_REVISION_LEDGER_H_
#define RCUKV_LOADTEST_WORKLOAD_REVISION_LEDGER_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace rcukv::loadtest {

// A write that was answered.
struct Settled {
  // 0: there was none.
  uint64_t revision = 0;
  // The lowest 16 bits of the operation's number; kUnknown: it may be of any.
  uint64_t number_bits = kUnknown;

  static constexpr uint64_t kUnknown = 0xffff;

  // False: operation `number` did not write it. True is wrong for one number in 65,536.
  bool MayBeOf(uint64_t number) const {
    return number_bits == kUnknown || number_bits == (number & kUnknown);
  }
};

class RevisionLedger {
 public:
  // Keys 0 to loaded - 1 are there, with `revision`, which is not 0, or a later one.
  RevisionLedger(size_t loaded, uint64_t revision) : loaded_(loaded) {
    const uint64_t word = WordOf(
        {.revision = std::min(revision, kMaxRevision), .number_bits = Settled::kUnknown});
    // relaxed: other threads learn of the keys afterwards, in ways that order this
    // before.
    for (Word& key : loaded_) key.store(word, std::memory_order_relaxed);
  }

  // How many keys were.
  size_t loaded() const { return loaded_.size(); }

  // Makes room for keys up to keys - 1; those that are new may be absent.
  void Grow(size_t keys) {
    // relaxed: nobody else writes it.
    size_t chunks = chunks_.load(std::memory_order_relaxed);
    while (keys > loaded_.size() + chunks * kChunk) {
      inserted_[chunks++] = std::make_unique<Chunk>();
    }
    // release; pairs with Has(): whoever sees the number sees the chunks.
    chunks_.store(chunks, std::memory_order_release);
  }

  // Whether there is room for the key, of which the other functions may be asked then.
  // Not needed by those who know that it was grown to.
  bool Has(size_t index) const {
    // acquire; pairs with Grow().
    const size_t chunks = chunks_.load(std::memory_order_acquire);
    return index < loaded_.size() || (index - loaded_.size()) / kChunk < chunks;
  }

  // Before a read is sent: the oldest that it may see; revision 0: it may see none.
  Settled newest(size_t index) const {
    // acquire; pairs with Settle(): whoever knows of the answer reads after it.
    const uint64_t word = Of(index).load(std::memory_order_acquire);
    return {.revision = word >> kNumberBits, .number_bits = word & Settled::kUnknown};
  }

  // A write of the key, by operation `number`, has been answered. Revisions from 2^48 on
  // are not kept: a million writes a second take nine years to get there.
  void Settle(size_t index, uint64_t revision, uint64_t number) {
    if (revision > kMaxRevision) return;
    const uint64_t word =
        WordOf({.revision = revision, .number_bits = number & Settled::kUnknown});
    Word& key = Of(index);
    // relaxed: whether to replace it; release pairs with newest().
    uint64_t before = key.load(std::memory_order_relaxed);
    while (before < word &&
           !key.compare_exchange_weak(before, word, std::memory_order_release,
                                      std::memory_order_relaxed)) {
    }
  }

 private:
  // A revision and, in the lowest bits, the number's: in the order of revisions.
  using Word = std::atomic<uint64_t>;

  static constexpr int kNumberBits = 16;
  static constexpr uint64_t kMaxRevision = ~uint64_t{0} >> kNumberBits;

  static constexpr size_t kChunk = 1 << 16;
  static constexpr size_t kMaxChunks = 1 << 15;
  using Chunk = std::array<Word, kChunk>;

  static uint64_t WordOf(const Settled& settled) {
    return settled.revision << kNumberBits | settled.number_bits;
  }

  Word& Of(size_t index) {
    if (index < loaded_.size()) return loaded_[index];
    const size_t inserted = index - loaded_.size();
    return (*inserted_[inserted / kChunk])[inserted % kChunk];
  }
  const Word& Of(size_t index) const {
    return const_cast<RevisionLedger*>(this)->Of(index);
  }

  std::vector<Word> loaded_;
  // The first chunks_ are there.
  std::vector<std::unique_ptr<Chunk>> inserted_ =
      std::vector<std::unique_ptr<Chunk>>(kMaxChunks);
  std::atomic<size_t> chunks_{0};
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_REVISION_LEDGER_H_
