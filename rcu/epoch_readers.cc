#include "rcu/epoch_readers.h"

#include "rcu/backoff.h"
#include "rcu/mutant.h"

namespace rcu {
namespace {

// Whether the sections of before `epoch` began have ended.
bool HasEnded(const ThreadRecord& record, uint64_t epoch) {
  // [G2] acquire; pairs with [R1] and [R2]: what the reader did in the section that it
  // has left happens before what the caller does next, which is to free.
  const uint64_t announced =
      record.announced.load(Order<Mutant::kScanRelaxed>(std::memory_order_acquire));
  const uint64_t enough = epoch - (Mutated(Mutant::kScanAcceptsPreviousEpoch) ? 1 : 0);
  return announced == ThreadRecord::kIdle || announced >= enough;
}

void WaitForOne(const ThreadRecord& record, uint64_t epoch, HoldoutWatch& watch) {
  for (Backoff backoff; !HasEnded(record, epoch); backoff.Pause()) {
    // relaxed: for a report.
    if (backoff.IsLong())
      watch.StillWaitingFor(record.tid.load(std::memory_order_relaxed));
  }
}

}  // namespace

uint64_t EpochReaders::BeginEpoch() {
  // relaxed: ordered after the writer's fence [G1] by the fence; readers that announce
  // the new value loaded it after the fence's barrier.
  return epoch_.fetch_add(1, std::memory_order_relaxed) + 1;
}

bool EpochReaders::HaveAllEnded() {
  const uint64_t epoch = BeginEpoch();
  bool ended = true;
  registry_.ForEach([epoch, &ended](const ThreadRecord& record) {
    ended = ended && HasEnded(record, epoch);
  });
  return ended;
}

void EpochReaders::WaitForAll(HoldoutWatch& watch) {
  const uint64_t epoch = BeginEpoch();
  registry_.ForEach(
      [epoch, &watch](const ThreadRecord& record) { WaitForOne(record, epoch, watch); });
}

}  // namespace rcu
