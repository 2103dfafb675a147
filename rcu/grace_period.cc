#include "rcu/grace_period.h"

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "rcu/fence.h"

namespace rcu {
namespace {

// Waits longer and longer: a section is short, but its thread may be off its CPU.
class Backoff {
 public:
  void Pause() {
    if (rounds_ < kSpins) {
      ++rounds_;
      SpinPause();
    } else if (rounds_ < kSpins + kYields) {
      ++rounds_;
      sched_yield();
    } else {
      const timespec pause = {.tv_sec = 0, .tv_nsec = sleep_ns_};
      nanosleep(&pause, nullptr);
      sleep_ns_ = std::min(2 * sleep_ns_, kSleepMaxNs);
    }
  }

 private:
  static constexpr int kSpins = 200;
  static constexpr int kYields = 50;
  static constexpr long kSleepMaxNs = 1'000'000;

  int rounds_ = 0;
  long sleep_ns_ = 20'000;
};

uint64_t NowNs() {
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                               std::chrono::nanoseconds(1));
}

}  // namespace

void GracePeriods::Synchronize() {
  // Orders the caller's unlink, which may be a plain store, before the load below. If the
  // load misses the store [P2] of grace period n, this fence precedes n's heavy fence,
  // which therefore makes the unlink visible to every reader that n does not wait for.
  FullFence();
  // [P1] relaxed: ordered by the fence above; partner [P2].
  const uint64_t need = started_.load(std::memory_order_relaxed) + 1;

  std::lock_guard<std::mutex> lock(running_);
  // relaxed: stored under the mutex.
  const uint64_t completed = completed_.load(std::memory_order_relaxed);
  if (completed >= need) return;
  // [P2] relaxed: followed by the full fence at the head of HeavyFence; partner [P1].
  started_.store(completed + 1, std::memory_order_relaxed);
  RunOne();
  completed_.store(completed + 1, std::memory_order_relaxed);
}

void GracePeriods::RunOne() {
  const ModeAtStart start = CurrentMode();
  const uint64_t begin_ns = NowNs();
  // [G1] Against a reader's announcement [R1] and the loads of its section:
  //   the announcement before the reader's barrier: the scan [G2] sees it and waits;
  //   after the barrier: all of its section's loads see the unlink.
  HeavyFence(start.mode);
  // relaxed: ordered after the fence by the fence; readers that announce the new value
  // loaded it after the fence's barrier.
  const uint64_t epoch = epoch_.fetch_add(1, std::memory_order_relaxed) + 1;
  WaitForReaders(epoch);
  Record(start, NowNs() - begin_ns);
}

void GracePeriods::WaitForReaders(uint64_t epoch) const {
  registry_.ForEach([epoch](const ThreadRecord& record) {
    for (Backoff backoff;; backoff.Pause()) {
      // [G2] acquire; pairs with [R1] and [R2]: what the reader did in the section that
      // it has left happens before what the caller does next, which is to free.
      const uint64_t announced = record.announced.load(std::memory_order_acquire);
      if (announced == ThreadRecord::kIdle || announced >= epoch) return;
    }
  });
}

void GracePeriods::SetMode(MembarrierMode mode) {
  std::lock_guard<std::mutex> lock(figures_);
  // relaxed: a setting.
  mode_.store(mode, std::memory_order_relaxed);
  ++mode_changes_;
  recorded_ = 0;
}

GracePeriods::ModeAtStart GracePeriods::CurrentMode() const {
  std::lock_guard<std::mutex> lock(figures_);
  return {mode(), mode_changes_};
}

void GracePeriods::Record(const ModeAtStart& start, uint64_t latency_ns) {
  std::lock_guard<std::mutex> lock(figures_);
  last_ns_ = latency_ns;
  max_ns_ = std::max(latency_ns, max_ns_);
  // One that began before the mode was changed says nothing about the new mode.
  if (start.changes != mode_changes_) return;
  recent_ns_[recorded_ % kRecent] = latency_ns;
  ++recorded_;
}

void GracePeriods::AddTo(DomainStats& stats) const {
  // relaxed: a figure.
  stats.grace_periods = completed_.load(std::memory_order_relaxed);
  std::lock_guard<std::mutex> lock(figures_);
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

}  // namespace rcu
