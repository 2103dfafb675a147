// What one thread has retired and the reclaimer has not reclaimed yet: a queue of one
// producer (the thread) and one consumer (the reclaimer), in linked chunks.
//
// A push costs a few plain stores and one release store; no atomic read-modify-write. The
// memory of chunks goes back to the thread that it came from, which fills them again: up
// to kSpareChunks of them are kept.
//
// Thread safety: Push by the owner only, Mark and ReclaimSlice by the reclaimer only,
// the figures by anyone. The owner may change, if something orders the old one before the
// new (the registry's mutex does). Either side may be cut off between any two of its
// stores, by a fork in another thread, and be carried on with by another thread in the
// child: so whatever a step has done already it finds done, and an object that was being
// reclaimed is not reclaimed again.
#ifndef RCUKV_RCU_RETIRE_QUEUE_H_
#define RCUKV_RCU_RETIRE_QUEUE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "rcu/fence.h"
#include "rcu/mutant.h"

namespace rcu {

// One object that nothing links to any more, and how to reclaim it.
struct Retired {
  void* object;
  void (*reclaim)(void* object);
  // What counts against the backlog's limit, beside the room that this takes itself.
  size_t bytes;

  uint64_t BacklogBytes() const { return bytes + sizeof(Retired); }
};

class RetireQueue {
 public:
  // After so many bytes pushed an owner looks at the backlog of the whole domain.
  static constexpr size_t kCheckBytes = size_t{64} << 10;

  RetireQueue() = default;
  RetireQueue(const RetireQueue&) = delete;
  RetireQueue& operator=(const RetireQueue&) = delete;
  // Drops what is still queued without reclaiming it.
  ~RetireQueue() {
    while (Chunk* spare = TakeSpare()) delete spare;
    if (head_ == nullptr) head_ = first_;
    while (head_ != nullptr) {
      Chunk* next = head_->next;
      delete head_;
      head_ = next;
    }
  }

  // Returns whether so much was pushed since the last time it said so that the owner
  // should look at the whole backlog: at most every kCheckBytes.
  bool Push(const Retired& retired) {
    // relaxed: this thread is the only one that stores it.
    const uint64_t index = pushed_.load(std::memory_order_relaxed);
    if (index % kChunkItems == 0) AddChunk(index);
    tail_->items[index % kChunkItems] = retired;
    // relaxed: a figure, and stored by this thread alone.
    const uint64_t bytes =
        pushed_bytes_.load(std::memory_order_relaxed) + retired.BacklogBytes();
    pushed_bytes_.store(bytes, std::memory_order_relaxed);
    // [Q1] release; pairs with [Q2]: a consumer that sees the count sees the item and
    // the chunk that it is in.
    pushed_.store(index + 1,
                  Order<Mutant::kQueueCountStoreRelaxed>(std::memory_order_release));
    if (bytes < next_check_bytes_) [[likely]]
      return false;
    next_check_bytes_ = bytes + kCheckBytes;
    return true;
  }

  // How many were pushed so far.
  uint64_t Pushed() const {
    // [Q2] acquire; pairs with [Q1].
    return pushed_.load(Order<Mutant::kQueueCountLoadRelaxed>(std::memory_order_acquire));
  }

  // Whether something was pushed that is not popped yet.
  bool Empty() const {
    // relaxed: stored by the reclaimer, which decides by it, or a figure for others.
    return Pushed() == popped_.load(std::memory_order_relaxed);
  }

  // Remembers how much has been pushed, for ReclaimSlice.
  void Mark() { mark_ = Pushed(); }

  // Reclaims what had been pushed at the last Mark, but at most `limit` objects. Returns
  // whether some are left.
  bool ReclaimSlice(size_t limit) {
    // relaxed: this thread is the only one that stores the popped figures.
    uint64_t index = popped_.load(std::memory_order_relaxed);
    const uint64_t end = std::min(mark_, index + limit);
    while (index < end) {
      if (index % kChunkItems == 0) DropChunk(index);
      const Retired retired = head_->items[index % kChunkItems];
      ++index;
      popped_bytes_.store(
          popped_bytes_.load(std::memory_order_relaxed) + retired.BacklogBytes(),
          std::memory_order_relaxed);
      popped_.store(index, std::memory_order_relaxed);
      retired.reclaim(retired.object);
    }
    return index < mark_;
  }

  // Figures: may be a moment old, and never below 0.
  uint64_t Objects() const { return Difference(pushed_, popped_); }
  uint64_t Bytes() const { return Difference(pushed_bytes_, popped_bytes_); }

 private:
  static constexpr size_t kChunkItems = 512;
  static constexpr size_t kSpareChunks = 32;

  struct Chunk {
    uint64_t first_index = 0;
    Chunk* next = nullptr;
    std::array<Retired, kChunkItems> items;
  };

  static uint64_t Difference(const std::atomic<uint64_t>& pushed,
                             const std::atomic<uint64_t>& popped) {
    // relaxed: figures. Popped first, so that the difference is not negative.
    const uint64_t down = popped.load(std::memory_order_relaxed);
    const uint64_t up = pushed.load(std::memory_order_relaxed);
    return up > down ? up - down : 0;
  }

  // Both run before the first item of a chunk. The link is a plain pointer: the consumer
  // follows it only after [Q2] showed it an item behind it.
  void AddChunk(uint64_t index) {
    if (tail_ != nullptr && tail_->first_index == index) return;
    Chunk*& link = tail_ == nullptr ? first_ : tail_->next;
    if (link == nullptr) {
      Chunk* chunk = NewChunk(index);
      CompilerBarrier();  // In this order, wherever a fork cuts it off.
      link = chunk;
    }
    CompilerBarrier();
    tail_ = link;
  }
  void DropChunk(uint64_t index) {
    if (head_ != nullptr && head_->first_index == index) return;
    Chunk* old = head_;
    head_ = old == nullptr ? first_ : old->next;
    CompilerBarrier();
    if (old != nullptr && !GiveSpare(old)) delete old;
  }

  // The producer's.
  Chunk* NewChunk(uint64_t index) {
    Chunk* chunk = TakeSpare();
    if (chunk == nullptr) chunk = new Chunk;
    chunk->first_index = index;
    chunk->next = nullptr;
    return chunk;
  }

  // Spare chunks: a ring, filled by the consumer and emptied by the producer.
  bool GiveSpare(Chunk* chunk) {
    // relaxed: stored by the consumer alone.
    const uint32_t given = given_.load(std::memory_order_relaxed);
    // [Q6] acquire; pairs with [Q5]: the place is read before it is filled again.
    if (given - taken_.load(
                    Order<Mutant::kSpareTakenLoadRelaxed>(std::memory_order_acquire)) ==
        kSpareChunks)
      return false;
    spares_[given % kSpareChunks] = chunk;
    // [Q7] release; pairs with [Q8]: what the consumer read of the chunk, and the place,
    // happen before the producer fills it.
    given_.store(given + 1,
                 Order<Mutant::kSpareGivenStoreRelaxed>(std::memory_order_release));
    return true;
  }
  // Null: there is none.
  Chunk* TakeSpare() {
    // relaxed: stored by the producer alone.
    const uint32_t taken = taken_.load(std::memory_order_relaxed);
    // [Q8] acquire; pairs with [Q7].
    if (given_.load(Order<Mutant::kSpareGivenLoadRelaxed>(std::memory_order_acquire)) ==
        taken)
      return nullptr;
    Chunk* chunk = spares_[taken % kSpareChunks];
    // [Q5] release; pairs with [Q6].
    taken_.store(taken + 1,
                 Order<Mutant::kSpareTakenStoreRelaxed>(std::memory_order_release));
    return chunk;
  }

  // The producer's.
  alignas(64) std::atomic<uint64_t> pushed_{0};
  std::atomic<uint64_t> pushed_bytes_{0};
  uint64_t next_check_bytes_ = kCheckBytes;
  Chunk* tail_ = nullptr;
  Chunk* first_ = nullptr;
  std::atomic<uint32_t> taken_{0};
  // The consumer's.
  alignas(64) std::atomic<uint64_t> popped_{0};
  std::atomic<uint64_t> popped_bytes_{0};
  uint64_t mark_ = 0;
  Chunk* head_ = nullptr;
  std::atomic<uint32_t> given_{0};
  std::array<Chunk*, kSpareChunks> spares_{};
};

}  // namespace rcu

#endif  // RCUKV_RCU_RETIRE_QUEUE_H_
