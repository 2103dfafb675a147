#include "rcu/grace_period.h"

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

#include "rcu/clock.h"
#include "rcu/fence.h"
#include "rcu/futex.h"
#include "rcu/mutant.h"
#include "rcu/no_cancellation.h"

namespace rcu {

Cookie GracePeriods::GetCookie() const {
  // Orders the caller's unlink, which may be a plain store, before the load below. If the
  // load misses the odd value [P2] of a grace period, this fence precedes that one's
  // writer's fence, which therefore makes the unlink visible to every reader that the
  // grace period does not wait for.
  if constexpr (!Mutated(Mutant::kCookieUnfenced)) FullFence();
  // [P1] relaxed: ordered by the fence above; partner [P2].
  const uint64_t sequence = sequence_.load(std::memory_order_relaxed);
  // None is under way: the next one's end. One is: not that one's end, but the next
  // one's.
  return Cookie((sequence + (Mutated(Mutant::kCookieNeedsTooLittle) ? 2 : 3)) &
                ~uint64_t{1});
}

// The end of a grace period wakes one sleeper. One whose cookie has passed wakes the
// next; one whose has not runs the next grace period, or sleeps for it, and its end wakes
// one again. So nobody is left asleep, and the thread that ran a grace period may run on.
void GracePeriods::Wait(Cookie cookie) {
  bool slept = false;
  while (!Poll(cookie)) {
    if (TryRunOne()) continue;
    // relaxed: looked at again before the thread sleeps.
    const uint64_t sequence = sequence_.load(std::memory_order_relaxed);
    if (sequence % 2 == 0) continue;
    SleepWhile(sequence);
    slept = true;
  }
  if (slept && !Mutated(Mutant::kSleeperWakesNobody)) WakeOne();
}

bool GracePeriods::TryBegin(uint64_t& sequence) {
  // relaxed: the exchange decides.
  sequence = sequence_.load(std::memory_order_relaxed);
  if (sequence % 2 == 1) return false;
  // [P2] acquire, for what the thread that ran the last one did; followed by the writer's
  // fence, which begins with a full one; partner [P1].
  return sequence_.compare_exchange_strong(
      sequence, sequence + 1,
      Order<Mutant::kSequenceBeginRelaxed>(std::memory_order_acquire),
      std::memory_order_relaxed);
}

// Runs a grace period, unless one is under way.
bool GracePeriods::TryRunOne() {
  uint64_t sequence;
  if (!TryBegin(sequence)) return false;
  RunOne(Urgency::kWaited);
  End(sequence, /*is_over=*/true);
  return true;
}

bool GracePeriods::TrySynchronize() noexcept {
  const Setting start = CurrentSetting();
  if (start.mode == MembarrierMode::kNonExpedited ||
      start.mode == MembarrierMode::kAdaptive)
    return false;
  uint64_t sequence;
  if (!TryBegin(sequence)) return false;
  const NoCancellation no_cancellation;
  const uint64_t begin_ns = NowNs();
  // [G1] and the look, as in RunOne.
  fence_(start.mode, Urgency::kWaited);
  const bool is_over = readers_.HaveAllEnded() || Mutated(Mutant::kTriesIgnoreReaders);
  End(sequence, is_over);
  if (is_over) Record(start, NowNs() - begin_ns);
  return is_over;
}

// Where it is not over, those who wait for it are in for one that begins later: the
// cookies that were got meanwhile ask for no less than they would have.
void GracePeriods::End(uint64_t sequence, bool is_over) {
  // [P4] release; pairs with [P3]: what the readers did happens before whatever a thread
  // does that sees this. seq_cst for the sleepers: [P5].
  sequence_.store(sequence + (is_over ? 2 : 0),
                  Mutated(Mutant::kSequenceEndRelease)
                      ? std::memory_order_release
                      : Order<Mutant::kSequenceEndRelaxed>(std::memory_order_seq_cst));
  // [P5], as below. The futex word changes, so a thread that is about to sleep does not.
  if (sleepers_.load(std::memory_order_seq_cst) != 0) {
    wakeups_.fetch_add(1, std::memory_order_seq_cst);
    FutexWake(wakeups_);
  }
}

// [P5] seq_cst, all: either this thread sees the sequence changed, and does not sleep, or
// the one that changes it sees a sleeper, and wakes one.
void GracePeriods::SleepWhile(uint64_t sequence) {
  sleepers_.fetch_add(1, std::memory_order_seq_cst);
  uint32_t wakeups = wakeups_.load(std::memory_order_seq_cst);
  if (sequence_.load(std::memory_order_seq_cst) == sequence) {
    if constexpr (Mutated(Mutant::kSleeperLooksFirst)) {
      wakeups = wakeups_.load(std::memory_order_seq_cst);
    }
    FutexWait(wakeups_, wakeups);
  }
  sleepers_.fetch_sub(1, std::memory_order_seq_cst);
}

void GracePeriods::WakeOne() {
  // relaxed: whoever is about to sleep, and is missed, sleeps for a grace period that is
  // still to end.
  if (sleepers_.load(std::memory_order_relaxed) != 0) FutexWake(wakeups_);
}

void GracePeriods::SynchronizeInBackground() {
  if (mode() == MembarrierMode::kAdaptive) {
    RunOne(Urgency::kBackground);
  } else {
    Synchronize();
  }
}

void GracePeriods::RunOne(Urgency urgency) noexcept {
  const NoCancellation no_cancellation;
  const Setting start = CurrentSetting();
  const uint64_t begin_ns = NowNs();
  // [G1] Against a reader's announcement [R1] [B1] and the loads of its section:
  //   the announcement before the reader's barrier: the scan [G2] [B4] sees it and waits;
  //   after the barrier: all of its section's loads see the unlink.
  if constexpr (!Mutated(Mutant::kGracePeriodFencesLate)) fence_(start.mode, urgency);
  HoldoutWatch watch(holdouts_, begin_ns);
  readers_.WaitForAll(watch);
  if constexpr (Mutated(Mutant::kGracePeriodFencesLate)) fence_(start.mode, urgency);
  Record(start, NowNs() - begin_ns);
}

void GracePeriods::SetMode(MembarrierMode mode) {
  std::lock_guard<std::mutex> lock(figures_);
  // relaxed: a setting.
  setting_.store({mode, CurrentSetting().changes + 1}, std::memory_order_relaxed);
  recorded_ = 0;
}

void GracePeriods::Record(const Setting& start, uint64_t latency_ns) {
  std::lock_guard<std::mutex> lock(figures_);
  last_ns_ = latency_ns;
  max_ns_ = std::max(latency_ns, max_ns_);
  histogram_.Add(latency_ns);
  // One that began before the mode was changed says nothing about the new mode.
  if (start.changes != CurrentSetting().changes) return;
  recent_ns_[recorded_ % kRecent] = latency_ns;
  ++recorded_;
}

void GracePeriods::AddTo(DomainStats& stats) const {
  stats.holdouts = holdouts_.count();
  std::lock_guard<std::mutex> lock(figures_);
  stats.latency = histogram_;
  stats.grace_periods = histogram_.Count();
  stats.last_ns = last_ns_;
  stats.max_ns = max_ns_;
  if (recorded_ == 0) return;
  const auto count = static_cast<std::ptrdiff_t>(std::min<uint64_t>(recorded_, kRecent));
  std::vector<uint64_t> recent(recent_ns_.begin(), recent_ns_.begin() + count);
  const auto middle = recent.begin() + count / 2;
  std::nth_element(recent.begin(), middle, recent.end());
  stats.recent_p50_ns = *middle;
  stats.recent_max_ns = *std::max_element(recent.begin(), recent.end());
}

void GracePeriods::AfterForkInChild() {
  new (&figures_) std::mutex;  // Whoever held it is not there.
  holdouts_.AfterForkInChild();
  // relaxed, all: there is no other thread. A grace period that was under way never ends:
  // as if it had not begun.
  if constexpr (!Mutated(Mutant::kForkKeepsSequence)) {
    sequence_.store(sequence_.load(std::memory_order_relaxed) & ~uint64_t{1},
                    std::memory_order_relaxed);
  }
  sleepers_.store(0, std::memory_order_relaxed);
}

}  // namespace rcu
