// What one thread, the owner, has retired and nobody has reclaimed yet, in linked chunks.
//
// A push costs a few plain stores and one release store; no atomic read-modify-write. The
// memory of chunks goes back to the thread that it came from, which fills them again: up
// to kSpareChunks of them are kept.
//
// The domain's reclaimer empties the queue. So does the owner itself, as far as the
// objects allow it: now and then it closes a bag of what it has pushed, tags it with a
// cookie, and reclaims the bags whose grace period is over. Their objects are in its
// cache still, and their memory goes back to the thread that allocates. (Bags that are
// tagged with an epoch: K. Fraser, "Practical lock-freedom", 2004.)
//
// Thread safety: Push, CloseBag and ReclaimBags by the owner only, Mark and ReclaimSlice
// by the reclaimer only, the figures by anyone. The owner may change, if something orders
// the old one before the new (the registry's mutex does). Each side may be cut off
// between any two of its stores, by a fork in another thread, and be carried on with by
// another thread in the child: so whatever a step has done already it finds done, and an
// object that was being reclaimed is not reclaimed again.
#ifndef RCUKV_RCU_RETIRE_QUEUE_H_
#define RCUKV_RCU_RETIRE_QUEUE_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "rcu/backoff.h"
#include "rcu/cookie.h"
#include "rcu/fence.h"
#include "rcu/mutant.h"
#include "rcu/reclaim_on.h"

namespace rcu {

// One object that nothing links to any more, and how to reclaim it.
struct Retired {
  void* object;
  void (*reclaim)(void* object);
  // What counts against the backlog's limit, beside the room that this takes itself.
  uint64_t bytes : 63;
  uint64_t on_any_thread : 1;

  uint64_t BacklogBytes() const { return bytes + sizeof(Retired); }
};
static_assert(sizeof(Retired) == 24);

class RetireQueue {
 public:
  // What is in a bag, as far as objects are small. Small enough to stay in the cache.
  static constexpr size_t kBagBytes = size_t{32} << 10;

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

  // ---- The owner's

  // Whether AddRoom is to be called before the next PushIntoRoom.
  bool NeedsRoom() const {
    // relaxed: this thread is the only one that stores it.
    return pushed_.load(std::memory_order_relaxed) % kChunkItems == 0;
  }
  // Idempotent.
  void AddRoom() {
    // relaxed: as above.
    AddChunk(pushed_.load(std::memory_order_relaxed));
  }

  // Returns whether there is a bag to be closed: once every kBagBytes.
  bool Push(const Retired& retired) {
    if (NeedsRoom()) AddRoom();
    return PushIntoRoom(retired);
  }
  // Inline, so that `retired` need not be built in memory first.
  [[gnu::always_inline]] bool PushIntoRoom(const Retired& retired) {
    // relaxed: this thread is the only one that stores it.
    const uint64_t index = pushed_.load(std::memory_order_relaxed);
    tail_->items[index % kChunkItems] = retired;
    // relaxed: a figure, and stored by this thread alone.
    const uint64_t bytes =
        pushed_bytes_.load(std::memory_order_relaxed) + retired.BacklogBytes();
    pushed_bytes_.store(bytes, std::memory_order_relaxed);
    // [Q1] release; pairs with [Q2]: a consumer that sees the count sees the item and
    // the chunk that it is in.
    pushed_.store(index + 1,
                  Order<Mutant::kQueueCountStoreRelaxed>(std::memory_order_release));
    if (bytes < bag_end_bytes_) [[likely]]
      return false;
    bag_end_bytes_ = bytes + kBagBytes;
    return true;
  }

  // Puts what was pushed since the last time into a bag, but for the newest object.
  // `cookie` is of now; something has been pushed before.
  void CloseBag(Cookie cookie) {
    // Where there are very many, the newest grows.
    if (bags_closed_ - bags_over_ == kBags) --bags_closed_;
    // In this order, wherever a fork cuts it off.
    CompilerBarrier();
    // Not the newest, whose Retire has not returned. relaxed: this thread is the only one
    // that stores it.
    bags_[bags_closed_ % kBags] = {pushed_.load(std::memory_order_relaxed) - 1, cookie};
    CompilerBarrier();
    ++bags_closed_;
  }

  // Whether so many objects wait for a grace period that one is worth its price to the
  // owner: says so once for every kObjectsTogether of them.
  bool IsTimeForGracePeriod() {
    // relaxed: this thread is the only one that stores it.
    const uint64_t pushed = pushed_.load(std::memory_order_relaxed);
    if (pushed - std::max(over_, asked_) < kObjectsTogether) return false;
    asked_ = pushed;
    return true;
  }

  // Reclaims the objects of bags whose grace period is over, as is_over(cookie) has it,
  // up to the first that is for the domain's thread, and no more than some two bags of
  // them. Leaves it where the reclaimer is at it.
  template <class IsOver>
  void ReclaimBags(IsOver&& is_over) {
    while (bags_over_ != bags_closed_ && (Mutated(Mutant::kBagsAreOverAtOnce) ||
                                          is_over(bags_[bags_over_ % kBags].cookie))) {
      over_ = bags_[bags_over_ % kBags].end;
      ++bags_over_;
    }
    // relaxed: looked at again below.
    if (popped_.load(std::memory_order_relaxed) >= over_ || !TryBecomeConsumer()) return;
    // relaxed: only the consumer stores it.
    const uint64_t popped = popped_.load(std::memory_order_relaxed);
    this_thread_ = kReclaims;
    Pop(std::min(over_, popped + kOwnSliceObjects),
        [](uint64_t, const Retired& retired) { return retired.on_any_thread != 0; });
    this_thread_ = kIdle;
    EndConsuming();
  }

  // ---- Anyone's

  // Whether the calling thread is in a reclaim function that ReclaimBags calls.
  static bool ThisThreadReclaims() { return this_thread_ == kReclaims; }

  // How many were pushed so far.
  uint64_t Pushed() const {
    // [Q2] acquire; pairs with [Q1].
    return pushed_.load(Order<Mutant::kQueueCountLoadRelaxed>(std::memory_order_acquire));
  }

  // Whether nothing was pushed that is not popped yet.
  bool Empty() const {
    const uint64_t pushed = Pushed();
    // relaxed: a figure, or decides only whether there is to be another pass. What the
    // owner pushes and pops between the two loads may make it look empty; whoever pushes
    // something looks then whether the reclaimer sleeps.
    return pushed == popped_.load(std::memory_order_relaxed);
  }

  // ---- The reclaimer's

  // Remembers how much has been pushed, for ReclaimSlice.
  void Mark() { mark_ = Pushed(); }

  // What is left to the owner, by ReclaimSlice with leave_bags, is what was pushed since
  // the call before the last one of this.
  void LeaveNewest() {
    left_ = left_next_;
    left_next_ = Pushed();
  }

  // Reclaims what had been pushed at the last Mark, but at most `limit` objects.
  // `leave_bags`: not what is for any thread and so new that the owner may still come to
  // it. Returns whether there is more to reclaim.
  bool ReclaimSlice(size_t limit, bool leave_bags) {
    // What is popped may be in the middle of being reclaimed, by the owner. Where
    // somebody waits for it we do, too, for a moment. relaxed: the owner may have popped
    // more.
    if ((leave_bags || Mutated(Mutant::kBarrierSkipsOwner)) &&
        popped_.load(std::memory_order_relaxed) >= mark_)
      return false;
    for (Backoff backoff; !TryBecomeConsumer(); backoff.Pause()) {
    }
    // relaxed: only the consumer stores it.
    const uint64_t popped = popped_.load(std::memory_order_relaxed);
    const uint64_t end = std::min(mark_, popped + limit);
    const bool all = Pop(end, [&](uint64_t index, const Retired& retired) {
      return !leave_bags || index < left_ || retired.on_any_thread == 0;
    });
    EndConsuming();
    return all && end < mark_;
  }

  // Figures: may be a moment old, and never below 0.
  uint64_t Objects() const { return Difference(pushed_, popped_); }
  uint64_t Bytes() const { return Difference(pushed_bytes_, popped_bytes_); }

  // In the only thread of a child process.
  void AfterForkInChild() {
    // relaxed, all: there is no other thread.
    // A reclaim function that forks goes on in the child as what it was.
    if (consumer_.load(std::memory_order_relaxed) != &this_thread_)
      consumer_.store(nullptr, std::memory_order_relaxed);
    // What was cut off is counted in bytes or in objects, or in both.
    const uint64_t end = pushed_.load(std::memory_order_relaxed);
    uint64_t bytes = popped_bytes_.load(std::memory_order_relaxed);
    const Chunk* chunk = head_ == nullptr ? first_ : head_;
    for (uint64_t index = popped_.load(std::memory_order_relaxed); index < end; ++index) {
      if (index >= chunk->first_index + kChunkItems) chunk = chunk->next;
      bytes += chunk->items[index % kChunkItems].BacklogBytes();
    }
    pushed_bytes_.store(bytes, std::memory_order_relaxed);
    bag_end_bytes_ = bytes + kBagBytes;
  }

 private:
  static constexpr size_t kChunkItems = 512;
  static constexpr size_t kSpareChunks = 32;
  static constexpr size_t kBags = 32;
  static constexpr uint64_t kObjectsTogether = 1024;
  static constexpr size_t kOwnSliceObjects = 2048;

  struct Chunk {
    uint64_t first_index = 0;
    Chunk* next = nullptr;
    std::array<Retired, kChunkItems> items;
  };

  // What was pushed before `end`, and since the bag before.
  struct Bag {
    uint64_t end;
    Cookie cookie;
  };

  // Of the two who may, one at a time reclaims.
  bool TryBecomeConsumer() {
    const void* nobody = nullptr;
    // [Q9] acquire; pairs with [Q10]: what the last one has popped is seen popped.
    // relaxed where it fails.
    return consumer_.compare_exchange_strong(
        nobody, &this_thread_,
        Order<Mutant::kConsumerBeginRelaxed>(std::memory_order_acquire),
        std::memory_order_relaxed);
  }
  void EndConsuming() {
    // [Q10] release; pairs with [Q9].
    consumer_.store(nullptr,
                    Order<Mutant::kConsumerEndRelaxed>(std::memory_order_release));
  }

  // The consumer's: reclaims up to `end`, or the first that is not wanted. Returns
  // whether all were.
  template <class IsWanted>
  bool Pop(uint64_t end, IsWanted&& is_wanted) {
    // relaxed, all: only the consumer stores the popped figures.
    uint64_t bytes = popped_bytes_.load(std::memory_order_relaxed);
    for (uint64_t index = popped_.load(std::memory_order_relaxed); index < end;) {
      if (index % kChunkItems == 0) [[unlikely]]
        DropChunk(index);
      const Retired& retired = head_->items[index % kChunkItems];
      if (!is_wanted(index, retired)) return false;
      ++index;
      bytes += retired.BacklogBytes();
      popped_bytes_.store(bytes, std::memory_order_relaxed);
      // Read before the item counts as popped, after which only the chunk's end is sure.
      void* const object = retired.object;
      void (*const reclaim)(void*) = retired.reclaim;
      popped_.store(index, std::memory_order_relaxed);
      reclaim(object);
    }
    return true;
  }

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
  [[gnu::noinline]] void DropChunk(uint64_t index) {
    if (head_ != nullptr && head_->first_index == index) return;
    Chunk* old = head_;
    head_ = old == nullptr ? first_ : old->next;
    CompilerBarrier();
    if (old != nullptr && !GiveSpare(old)) delete old;
  }

  // The owner's.
  Chunk* NewChunk(uint64_t index) {
    Chunk* chunk = TakeSpare();
    if (chunk == nullptr) chunk = new Chunk;
    chunk->first_index = index;
    chunk->next = nullptr;
    return chunk;
  }

  // Spare chunks: a ring, filled by the consumer and emptied by the owner.
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
    // happen before the owner fills it.
    given_.store(given + 1,
                 Order<Mutant::kSpareGivenStoreRelaxed>(std::memory_order_release));
    return true;
  }
  // Null: there is none.
  Chunk* TakeSpare() {
    // relaxed: stored by the owner alone.
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

  // Its address tells threads apart, also from those of before a fork.
  enum Thread : char { kIdle, kReclaims };
  [[gnu::tls_model(
      "initial-exec")]] static inline constinit thread_local Thread this_thread_ = kIdle;

  // The owner's.
  alignas(64) std::atomic<uint64_t> pushed_{0};
  std::atomic<uint64_t> pushed_bytes_{0};
  uint64_t bag_end_bytes_ = kBagBytes;
  Chunk* tail_ = nullptr;
  Chunk* first_ = nullptr;
  std::atomic<uint32_t> taken_{0};
  // Bags that were closed, and that are over; a ring. What is pushed before over_ may be
  // reclaimed.
  uint32_t bags_closed_ = 0;
  uint32_t bags_over_ = 0;
  uint64_t over_ = 0;
  // How much was pushed when a grace period was last asked for.
  uint64_t asked_ = 0;
  std::array<Bag, kBags> bags_{};
  // The reclaimer's.
  alignas(64) uint64_t mark_ = 0;
  uint64_t left_ = 0;
  uint64_t left_next_ = 0;
  // The consumer's: the one of the two who has put itself in.
  std::atomic<const void*> consumer_{nullptr};
  std::atomic<uint64_t> popped_{0};
  std::atomic<uint64_t> popped_bytes_{0};
  Chunk* head_ = nullptr;
  std::atomic<uint32_t> given_{0};
  std::array<Chunk*, kSpareChunks> spares_{};
};

}  // namespace rcu

#endif  // RCUKV_RCU_RETIRE_QUEUE_H_
