// Grace periods of one domain: who waits, who runs one, and how long they took.
//
// The order is: unlink; heavy fence; E = ++epoch; wait until each reader is idle or has
// announced an epoch >= E. docs/MEMORY_MODEL.md has the argument.
#ifndef RCUKV_RCU_GRACE_PERIOD_H_
#define RCUKV_RCU_GRACE_PERIOD_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "rcu/domain_stats.h"
#include "rcu/membarrier.h"
#include "rcu/thread_record.h"

namespace rcu {

// Thread safety: every method may be called by any thread.
class GracePeriods {
 public:
  // `epoch` is what readers announce; it starts at 1 and only this object changes it.
  GracePeriods(const Registry& registry, std::atomic<uint64_t>& epoch,
               MembarrierMode mode)
      : registry_(registry), epoch_(epoch), mode_(mode) {}

  // Returns when every section that was open at the call has ended. Concurrent callers
  // share grace periods: one that began after the call did serves it. The caller must
  // not be inside a section.
  void Synchronize();

  MembarrierMode mode() const {
    // relaxed: a setting; nothing is published through it.
    return mode_.load(std::memory_order_relaxed);
  }
  // For the grace periods that begin from now on.
  void SetMode(MembarrierMode mode);

  // Fills in the figures of grace periods.
  void AddTo(DomainStats& stats) const;

 private:
  static constexpr size_t kRecent = 128;

  // What a grace period needs to know of the mode, at one moment.
  struct ModeAtStart {
    MembarrierMode mode;
    uint64_t changes;
  };

  void RunOne();
  void WaitForReaders(uint64_t epoch) const;
  ModeAtStart CurrentMode() const;
  void Record(const ModeAtStart& start, uint64_t latency_ns);

  const Registry& registry_;
  std::atomic<uint64_t>& epoch_;
  std::atomic<MembarrierMode> mode_;

  // The number of the newest grace period that has begun.
  std::atomic<uint64_t> started_{0};
  // Held while a grace period runs; the others queue here for theirs.
  std::mutex running_;
  // Guarded by running_; loaded without it for figures alone.
  std::atomic<uint64_t> completed_{0};

  mutable std::mutex figures_;
  // Guarded by figures_: the newest latencies since the mode was last changed, a ring,
  // and how many there were; how often the mode was changed.
  std::array<uint64_t, kRecent> recent_ns_{};
  uint64_t recorded_ = 0;
  uint64_t mode_changes_ = 0;
  uint64_t last_ns_ = 0;
  uint64_t max_ns_ = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_GRACE_PERIOD_H_
