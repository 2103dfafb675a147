#include "rcu/epoch_readers.h"

#include "rcu/backoff.h"
#include "rcu/mutant.h"

namespace rcu {
namespace {

void WaitForOne(const ThreadRecord& record, uint64_t epoch, HoldoutWatch& watch) {
  for (Backoff backoff;; backoff.Pause()) {
    // [G2] acquire; pairs with [R1] and [R2]: what the reader did in the section that it
    // has left happens before what the caller does next, which is to free.
    const uint64_t announced =
        record.announced.load(Order<Mutant::kScanRelaxed>(std::memory_order_acquire));
    const uint64_t enough = epoch - (Mutated(Mutant::kScanAcceptsPreviousEpoch) ? 1 : 0);
    if (announced == ThreadRecord::kIdle || announced >= enough) return;
    // relaxed: for a report.
    if (backoff.IsLong())
      watch.StillWaitingFor(record.tid.load(std::memory_order_relaxed));
  }
}

}  // namespace

void EpochReaders::WaitForAll(HoldoutWatch& watch) {
  // relaxed: ordered after the writer's fence [G1] by the fence; readers that announce
  // the new value loaded it after the fence's barrier.
  const uint64_t epoch = epoch_.fetch_add(1, std::memory_order_relaxed) + 1;
  registry_.ForEach(
      [epoch, &watch](const ThreadRecord& record) { WaitForOne(record, epoch, watch); });
}

}  // namespace rcu
