// Readers that are counted per CPU: flavor rseq.
#ifndef RCUKV_RCU_PER_CPU_READERS_H_
#define RCUKV_RCU_PER_CPU_READERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "rcu/per_cpu_counters.h"
#include "rcu/readers.h"

namespace rcu {

// Sections are counted in the phase that they find. All have ended when, in each of the
// two phases, as many have ended as have begun:
//
// - The ends of all CPUs are summed up before the beginnings. So for each end that was
//   counted its beginning is counted too, and where the sums are equal, every section
//   that was counted as begun has ended.
// - A section whose beginning came before its thread's barrier of the writer's fence is
//   counted, in whichever phase it is. One whose beginning came after sees the unlink.
//
// So one heavy fence does, and safety does not rest on the phases at all: they are there
// that the sums become equal although new sections keep beginning. The idle phase first;
// then the phase is flipped, and the other one drains, but for at most one straggler a
// thread that found the phase before it was flipped. (Sleepable RCU of Linux counts
// likewise, with a fence in each reader; libside has three membarriers a grace period.)
class PerCpuReaders final : public Readers {
 public:
  // `phase` is what readers go by; only this object changes it.
  explicit PerCpuReaders(std::atomic<uint32_t>& phase);

  // Of the first CPU; the others follow. Lives as long as this object.
  SectionCounts* counters() { return counts_.data(); }

  void WaitForAll(HoldoutWatch& watch) override;
  bool HaveAllEnded() override { return AllEnded(0) && AllEnded(1); }

  // In the only thread of a child process: no section is open.
  void AfterForkInChild();

 private:
  void WaitForPhase(uint32_t phase, HoldoutWatch& watch) const;
  bool AllEnded(uint32_t phase) const;
  // Sections of all CPUs.
  uint64_t Ended(uint32_t phase) const;
  uint64_t Begun(uint32_t phase) const;

  std::atomic<uint32_t>& phase_;
  std::vector<SectionCounts> counts_;
  // Held by the grace period that waits: another one's flip would keep it from an end.
  std::mutex mutex_;
};

}  // namespace rcu

#endif  // RCUKV_RCU_PER_CPU_READERS_H_
