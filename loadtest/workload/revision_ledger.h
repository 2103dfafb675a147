// The newest revision of each key whose write was answered, so that readers know what is
// too old.
//
//   writer:  revision = Put(...);  ledger.Settle(index, revision);
//   reader:  const uint64_t oldest = ledger.oldest(index);
//            ... send a read, wait for its answer ...
//            the answer's mod_revision must be at least `oldest`
//
// Any number of writers may write a key at the same time: revisions are in the order in
// which the server wrote.
//
// Thread safety: any threads, but Grow() is called by one at a time, and before any other
// uses the keys that it adds.
#ifndef RCUKV_LOADTEST_WORKLOAD_REVISION_LEDGER_H_
#define RCUKV_LOADTEST_WORKLOAD_REVISION_LEDGER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace rcukv::loadtest {

class RevisionLedger {
 public:
  // Keys 0 to loaded - 1 are there, with `revision`, which is not 0, or a later one.
  RevisionLedger(size_t loaded, uint64_t revision) : loaded_(loaded) {
    // relaxed, here and in Grow(): other threads learn of the keys afterwards, in ways
    // that order this before.
    for (Revision& key : loaded_) key.store(revision, std::memory_order_relaxed);
  }

  // How many keys were.
  size_t loaded() const { return loaded_.size(); }

  // Makes room for keys up to keys - 1; those that are new may be absent.
  void Grow(size_t keys) {
    while (keys > loaded_.size() + chunks_ * kChunk) {
      inserted_[chunks_++] = std::make_unique<Chunk>();
    }
  }

  // Before a read is sent: the oldest revision that it may see; 0: it may see none.
  uint64_t oldest(size_t index) const {
    // acquire; pairs with Settle(): whoever knows of the answer reads after it.
    return Of(index).load(std::memory_order_acquire);
  }

  // A write of the key has been answered.
  void Settle(size_t index, uint64_t revision) {
    Revision& newest = Of(index);
    // relaxed: whether to replace it; release pairs with oldest().
    uint64_t before = newest.load(std::memory_order_relaxed);
    while (before < revision &&
           !newest.compare_exchange_weak(before, revision, std::memory_order_release,
                                         std::memory_order_relaxed)) {
    }
  }

 private:
  using Revision = std::atomic<uint64_t>;

  static constexpr size_t kChunk = 1 << 16;
  static constexpr size_t kMaxChunks = 1 << 15;
  using Chunk = std::array<Revision, kChunk>;

  Revision& Of(size_t index) {
    if (index < loaded_.size()) return loaded_[index];
    const size_t inserted = index - loaded_.size();
    return (*inserted_[inserted / kChunk])[inserted % kChunk];
  }
  const Revision& Of(size_t index) const {
    return const_cast<RevisionLedger*>(this)->Of(index);
  }

  std::vector<Revision> loaded_;
  // The first chunks_ are there.
  std::vector<std::unique_ptr<Chunk>> inserted_ =
      std::vector<std::unique_ptr<Chunk>>(kMaxChunks);
  size_t chunks_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_REVISION_LEDGER_H_
