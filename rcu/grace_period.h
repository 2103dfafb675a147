// Grace periods of one domain: who waits, who runs one, and how long they took.
//
// The order is: unlink; writer's fence; wait for all readers whose announcement is
// visible then. docs/MEMORY_MODEL.md has the argument.
#ifndef RCUKV_RCU_GRACE_PERIOD_H_
#define RCUKV_RCU_GRACE_PERIOD_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "rcu/cookie.h"
#include "rcu/domain_stats.h"
#include "rcu/holdout.h"
#include "rcu/latency_histogram.h"
#include "rcu/membarrier.h"
#include "rcu/mutant.h"
#include "rcu/readers.h"

namespace rcu {

// Thread safety: every method may be called by any thread.
class GracePeriods {
 public:
  using WriterFence = void (*)(MembarrierMode mode, Urgency urgency);

  GracePeriods(std::string_view flavor, Readers& readers, WriterFence fence,
               MembarrierMode mode)
      : readers_(readers), fence_(fence), setting_({mode, 0}), holdouts_(flavor) {}

  // Returns when every section that was open at the call has ended. Concurrent callers
  // share grace periods: one that began after the call did serves it. The caller must
  // not be inside a section.
  void Synchronize() { Wait(GetCookie()); }

  // The same for a batch that nobody waits for. In mode adaptive it takes a slow fence
  // for itself, which holds up no other caller.
  void SynchronizeInBackground();

  // Runs a grace period if none is under way, no section holds it up and the mode's fence
  // is quick: waits for nobody. Returns whether it has. For flavors whose writer's fence
  // waits for no thread.
  bool TrySynchronize() noexcept;

  Cookie GetCookie() const;

  // Whether every section that was open when the cookie was made has ended. What those
  // sections did happens before a true answer. One load.
  bool Poll(Cookie cookie) const {
    // [P3] acquire; pairs with [P4].
    return sequence_.load(Order<Mutant::kPollRelaxed>(std::memory_order_acquire)) >=
           cookie.needed_;
  }

  // Returns when Poll(cookie) is true, which it sees to.
  void Wait(Cookie cookie);

  MembarrierMode mode() const { return CurrentSetting().mode; }
  // For the grace periods that begin from now on.
  void SetMode(MembarrierMode mode);

  HoldoutLog& holdouts() { return holdouts_; }

  // The writer's fence, in the current mode.
  void Fence(Urgency urgency) const { fence_(mode(), urgency); }

  // Fills in the figures of grace periods.
  void AddTo(DomainStats& stats) const;

  // In the only thread of a child process, with a grace period of the parent's under way
  // or not.
  void AfterForkInChild();

 private:
  static constexpr size_t kRecent = 128;

  // The mode, and how often it was changed. Aligned for clang, which calls a library for
  // an atomic that is not.
  struct alignas(8) Setting {
    MembarrierMode mode;
    uint32_t changes;
  };

  // Whether the calling thread may run a grace period now; then it is to call End with
  // the value that sequence_ had.
  bool TryBegin(uint64_t& sequence);
  void End(uint64_t sequence, bool is_over);
  bool TryRunOne();
  void SleepWhile(uint64_t sequence);
  void WakeOne();
  void RunOne(Urgency urgency) noexcept;
  Setting CurrentSetting() const {
    // relaxed: nothing is published through it.
    return setting_.load(std::memory_order_relaxed);
  }
  void Record(const Setting& start, uint64_t latency_ns);

  Readers& readers_;
  const WriterFence fence_;
  // Stored with figures_ held.
  std::atomic<Setting> setting_;
  HoldoutLog holdouts_;

  // Even: so many half grace periods have begun and ended. Odd: one is under way. The
  // thread that makes it odd runs the grace period; the others sleep till it is even. One
  // that a reader holds up may be given up: then it is what it was before.
  alignas(64) std::atomic<uint64_t> sequence_{0};
  // Counts wake-ups, and how many threads sleep for one: a futex, off every reader's
  // path.
  std::atomic<uint32_t> wakeups_{0};
  std::atomic<uint32_t> sleepers_{0};

  mutable std::mutex figures_;
  // Guarded by figures_: the newest latencies since the mode was last changed, a ring,
  // and how many there were; all latencies.
  std::array<uint64_t, kRecent> recent_ns_{};
  uint64_t recorded_ = 0;
  uint64_t last_ns_ = 0;
  uint64_t max_ns_ = 0;
  LatencyHistogram histogram_;
};

}  // namespace rcu

#endif  // RCUKV_RCU_GRACE_PERIOD_H_
