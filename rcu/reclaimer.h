// Reclaims in the background what the threads of a domain have retired: call_rcu.
//
// One thread, started by the first Retire. A pass notes how much each thread has queued,
// runs one grace period for all of it, and reclaims it, in slices of at most
// kSliceObjects of each thread in turn; after each slice those who wait for room look
// whether there is some. Where nobody waits, what threads may reclaim themselves is left
// to them for a kBatchDelay or two. Passes are spaced by kBatchDelay so that many objects
// share a grace period, unless somebody waits or the backlog presses.
#ifndef RCUKV_RCU_RECLAIMER_H_
#define RCUKV_RCU_RECLAIMER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "rcu/domain_stats.h"
#include "rcu/grace_period.h"
#include "rcu/thread_record.h"

namespace rcu {

// Thread safety: every method may be called by any thread, unless it says otherwise.
class Reclaimer {
 public:
  static constexpr std::chrono::milliseconds kBatchDelay{10};
  static constexpr size_t kDefaultLimitBytes = size_t{64} << 20;
  static constexpr size_t kSliceObjects = 1024;
  // A backlog of so much is still in the cache when it is reclaimed, and its chunks are
  // filled again: `./run bench rcu --filter=retire` is faster for it, and peaks lower.
  static constexpr uint64_t kCachedBytes = uint64_t{512} << 10;

  // `idle` is true while the reclaimer's thread sleeps until it is woken (or has not
  // been started). Whoever has queued something loads it after its flavor's reader fence
  // and calls Wake() when it is set.
  Reclaimer(const Registry& registry, GracePeriods& grace_periods,
            std::atomic<bool>& idle)
      : registry_(registry), grace_periods_(grace_periods), idle_(idle) {}

  // Starts the thread, or ends its sleep.
  void Wake();

  // Returns when everything that was queued before the call is reclaimed. Not from a
  // section, which would wait for itself without a word; nor from a reclaim function: the
  // program is ended with a message.
  void Barrier();

  // Begins a pass at once, also where nothing is queued; returns at once.
  void StartPass();

  // Begins a pass at once if the backlog presses. If it is past its limit and the caller
  // may wait (is in no section): waits until it is not. The reclaimer's own thread never
  // waits.
  void RelieveBacklog(bool may_wait);

  // Bytes; at least 1. A pass begins early from half of it on, or from kCachedBytes.
  // Whoever waits for room goes by the new limit.
  void SetLimit(size_t limit_bytes);

  // Whether the backlog is past its limit.
  bool IsPastLimit() const;

  // Fills in the figures of the backlog.
  void AddTo(DomainStats& stats) const;

  // In the only thread of a child process. A reclaimer is started when it is needed.
  void AfterForkInChild();

 private:
  void Run();
  // Returns when a pass should begin.
  void WaitForWork();
  void RunPass();
  void MarkAll();
  bool ReclaimSlices(bool leave_bags);
  bool AllEmpty() const;
  uint64_t BacklogBytes() const;
  // From how much on a pass begins early.
  uint64_t PressingBytes() const;
  // Starts the thread if there is none. Returns whether there is one; the system may
  // refuse, and is not asked again for a while. With mutex_ held.
  bool TryStart();
  void ReportNoThread(const char* why, uint64_t now_ns);
  // The same for somebody who is going to wait for the thread: tries until there is one.
  // `lock` is of mutex_, and let go while it sleeps.
  void Start(std::unique_lock<std::mutex>& lock);

  // When threads were last left their newest bags. The reclaimer's own.
  std::chrono::steady_clock::time_point left_newest_{};

  const Registry& registry_;
  GracePeriods& grace_periods_;
  std::atomic<bool>& idle_;
  std::atomic<size_t> limit_bytes_{kDefaultLimitBytes};

  std::mutex mutex_;
  // Signalled when woken_ or urgent_ is set.
  std::condition_variable work_;
  // Signalled when a slice has been reclaimed, and when a pass has completed.
  std::condition_variable progress_;
  // Guarded by mutex_.
  bool started_ = false;
  // While there is no thread to be had, by NowNs(): when to try, and to report, again.
  uint64_t next_try_ns_ = 0;
  uint64_t next_report_ns_ = 0;
  uint64_t report_pause_ns_ = 500'000'000;
  bool woken_ = false;
  bool urgent_ = false;
  // Whether somebody waits for what the next pass reclaims.
  bool awaited_ = false;
  uint64_t passes_started_ = 0;
  uint64_t passes_completed_ = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_RECLAIMER_H_
