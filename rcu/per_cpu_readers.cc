#include "rcu/per_cpu_readers.h"

#include <new>

#include "rcu/backoff.h"
#include "rcu/mutant.h"

namespace rcu {

PerCpuReaders::PerCpuReaders(std::atomic<uint32_t>& phase)
    : phase_(phase), counts_(PerCpuCount()) {}

void PerCpuReaders::WaitForAll(HoldoutWatch& watch) {
  std::lock_guard<std::mutex> lock(mutex_);
  // relaxed: stored under the mutex alone; readers may find either.
  const uint32_t phase = phase_.load(std::memory_order_relaxed);
  if constexpr (!Mutated(Mutant::kSumsCurrentPhaseOnly)) WaitForPhase(phase ^ 1, watch);
  phase_.store(phase ^ 1, std::memory_order_relaxed);
  if constexpr (!Mutated(Mutant::kSumsIdlePhaseOnly)) WaitForPhase(phase, watch);
}

void PerCpuReaders::WaitForPhase(uint32_t phase, HoldoutWatch& watch) const {
  for (Backoff backoff; !AllEnded(phase); backoff.Pause()) {
    if (backoff.IsLong()) watch.StillWaitingFor(/*tid=*/0);
  }
}

bool PerCpuReaders::AllEnded(uint32_t phase) const {
  if constexpr (Mutated(Mutant::kSumsBeginningsFirst)) {
    const uint64_t begun = Begun(phase);
    return begun == Ended(phase);
  }
  const uint64_t ended = Ended(phase);
  return ended == Begun(phase);
}

uint64_t PerCpuReaders::Ended(uint32_t phase) const {
  uint64_t ended = 0;
  for (const SectionCounts& cpu : counts_) {
    // [B3] acquire; pairs with [B2]. Also keeps the sum of beginnings after this one.
    ended += cpu.ended[phase].load(
        Order<Mutant::kSumOfEndsRelaxed>(std::memory_order_acquire));
  }
  return ended;
}

uint64_t PerCpuReaders::Begun(uint32_t phase) const {
  uint64_t begun = 0;
  for (const SectionCounts& cpu : counts_) {
    // [B4] relaxed: after the writer's fence [G1], and after [B3]; partner [B1].
    begun += cpu.begun[phase].load(std::memory_order_relaxed);
  }
  return begun;
}

void PerCpuReaders::AfterForkInChild() {
  new (&mutex_) std::mutex;  // Whoever held it is not there.
  for (SectionCounts& cpu : counts_) {
    for (int phase : {0, 1}) {
      // relaxed: there is no other thread.
      if constexpr (Mutated(Mutant::kForkKeepsCounts)) return;
      cpu.begun[phase].store(0, std::memory_order_relaxed);
      cpu.ended[phase].store(0, std::memory_order_relaxed);
    }
  }
}

}  // namespace rcu
