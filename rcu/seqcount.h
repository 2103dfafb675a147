// A sequence count: readers look without a lock, then ask if a writer was in the way.
//
//   rcu::SeqCount count;
//   std::shared_mutex writers;
//   std::atomic<int> x, y;                                // always changed together
//
//   {                                                     // a writer
//     std::lock_guard lock(writers);
//     rcu::SeqCount::WriteSection section(count);
//     x.store(1, std::memory_order_relaxed);
//     y.store(1, std::memory_order_relaxed);
//   }
//
//   int seen_x, seen_y;                                   // a reader
//   rcu::ReadConsistently(count, writers, [&] {
//     seen_x = x.load(std::memory_order_relaxed);
//     seen_y = y.load(std::memory_order_relaxed);
//   });                                                   // seen_x == seen_y
//
// The count is even while nobody writes, odd while a write section is open. A reader
// samples it, reads, and validates: if the count is even and still the same, what was
// read is what all the write sections closed before the sample left, and nothing of a
// later one.
//
// What is read between the two may be of two minds until it is validated: act on it only
// afterwards. It is read by atomic loads (relaxed ones do) or reached through RCU, in a
// section that is open from before Sample to after the last use; plain data would be a
// data race, and freed data worse.
//
// Guarantees
//   (a) If Validate(sample) is true, every load between Sample and Validate returned what
//       it would have, had it been done at one moment at which no write section was open:
//       all that sections closed by then stored, and nothing that later ones did.
//   (b) Sample and Validate never wait, and store nothing: readers do not disturb one
//       another, nor the writer.
//   (c) A writer never waits for a reader.
//
// (a) speaks of what is stored in write sections only. Of two things that are also stored
// outside of them, a validated read may have seen one of them earlier and one later.
//
// Thread safety: Sample and Validate may be called by any thread at any time. Write
// sections exclude one another by a lock of the caller's: one writer at a time.
//
// Memory ordering: docs/MEMORY_MODEL.md, under "The sequence count".
//
//   writer                              reader
//   [S1] count = odd; write fence       [S3] sample = count (acquire)
//        ... stores ...                      ... loads ...
//   [S2] count = even (release)         [S4] read fence; count == sample?
//
//   A load saw a store of the section: the fences pair, [S4] after the load with [S1]
//     before the store, so the comparison finds the odd count or a later one. It fails,
//     unless the sample was as late: then that section had closed before [S3].
//   A load missed a store of the section: the section had not closed before [S3], or [S2]
//     paired with [S3] would have shown it. So the sample is of before it, and if another
//     load saw it, the first case applies.
//
// A load-acquire in place of the fence in [S4] lets the loads sink below the comparison;
// a store-release in place of the fence in [S1] lets the stores rise above the odd count.
//
// After Boehm, "Can seqlocks get along with programming language memory models?" (MSPC
// 2012), and Linux's seqcount_t.
#ifndef RCUKV_RCU_SEQCOUNT_H_
#define RCUKV_RCU_SEQCOUNT_H_

#include <atomic>
#include <cstdint>
#include <shared_mutex>

#include "rcu/fence.h"
#include "rcu/mutant.h"

namespace rcu {

class SeqCount {
 public:
  // A write section, for as long as it lives.
  class [[nodiscard]] WriteSection {
   public:
    explicit WriteSection(SeqCount& count) : count_(count) { count_.BeginWrite(); }
    ~WriteSection() { count_.EndWrite(); }
    WriteSection(const WriteSection&) = delete;
    WriteSection& operator=(const WriteSection&) = delete;

   private:
    SeqCount& count_;
  };

  SeqCount() = default;
  SeqCount(const SeqCount&) = delete;
  SeqCount& operator=(const SeqCount&) = delete;

  // ---- Readers

  // The count, for Validate. Does not wait where a write section is open.
  uint64_t Sample() const {
    // [S3] acquire; pairs with [S2]: loads that follow see what closed sections stored.
    return count_.load(Order<Mutant::kSeqCountSampleRelaxed>(std::memory_order_acquire));
  }

  // Whether a write section was open at `sample`: what is read then is never valid.
  static bool IsOpen(uint64_t sample) {
    return (sample & 1) != 0 && !Mutated(Mutant::kSeqCountAcceptsOdd);
  }

  // Whether what this thread loaded since Sample returned `sample` is consistent.
  [[nodiscard]] bool Validate(uint64_t sample) const {
    // [S4] pairs with [S1]: if a load before this fence saw a store of a write section,
    // the load after it sees at least that section's odd count.
    if constexpr (!Mutated(Mutant::kSeqCountReadUnfenced)) AcquireFence();
    // relaxed: ordered by the fence.
    return !IsOpen(sample) && count_.load(std::memory_order_relaxed) == sample;
  }

  // ---- The writer

  void BeginWrite() {
    // relaxed: the last writer's own, ordered by the writers' lock.
    const uint64_t count = count_.load(std::memory_order_relaxed);
    // [S1] pairs with [S4]: who sees a store after this fence sees this one, or a later.
    // relaxed: ordered by the fence.
    count_.store(count + 1, std::memory_order_relaxed);
    if constexpr (!Mutated(Mutant::kSeqCountWriteUnfenced)) ReleaseFence();
  }

  void EndWrite() {
    // relaxed: this thread's own.
    const uint64_t count = count_.load(std::memory_order_relaxed);
    // [S2] release; pairs with [S3]: who samples this sees the section's stores.
    count_.store(count + 1,
                 Order<Mutant::kSeqCountEndRelaxed>(std::memory_order_release));
  }

 private:
  // 64 bits: does not come round.
  std::atomic<uint64_t> count_{0};
};

// Times that ReadConsistently reads before it takes the lock.
inline constexpr int kSpeculations = 4;
// Pauses of the CPU that it lets a write section take to close; some microseconds.
inline constexpr int kPausesForAWriter = 200;

// Calls read() until what it read is consistent with the write sections of `count`; the
// last time, if it comes to that, holding `writers` shared, the lock that writers hold
// while a section is open. So it never waits where there are few sections, and ends where
// there are many. read() may be called several times, and sees inconsistent data in all
// but the last.
//
// The thread must hold neither `writers` nor what a writer waits for inside a section.
template <class SharedMutex, class Read>
void ReadConsistently(const SeqCount& count, SharedMutex& writers, Read&& read) {
  int pauses = 0;
  for (int attempt = 0; attempt < kSpeculations; ++attempt) {
    uint64_t sample = count.Sample();
    for (; SeqCount::IsOpen(sample) && pauses < kPausesForAWriter; ++pauses) {
      SpinPause();
      sample = count.Sample();
    }
    // A long section: better to sleep until it closes.
    if (SeqCount::IsOpen(sample)) break;
    read();
    if (count.Validate(sample)) return;
  }
  std::shared_lock lock(writers);
  read();
}

}  // namespace rcu

#endif  // RCUKV_RCU_SEQCOUNT_H_
