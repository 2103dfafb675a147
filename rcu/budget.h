// A budget of so many calls a second, with bursts of a tenth of a second's worth: a token
// bucket.
#ifndef RCUKV_RCU_BUDGET_H_
#define RCUKV_RCU_BUDGET_H_

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <new>

namespace rcu {

// Thread safety: every method may be called by any thread.
class Budget {
 public:
  explicit Budget(uint64_t calls_per_second) { SetRate(calls_per_second); }

  // 0: no call at all.
  void SetRate(uint64_t calls_per_second) {
    std::lock_guard<std::mutex> lock(mutex_);
    rate_ = static_cast<double>(calls_per_second);
    tokens_ = std::min(tokens_, Burst());
  }

  // Whether one more call at `now_ns`, of a clock that never goes back, is within the
  // budget; if so it is counted.
  bool Take(uint64_t now_ns) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (last_ns_ == 0) {
      tokens_ = Burst();
    } else if (now_ns > last_ns_) {
      const double passed_s = static_cast<double>(now_ns - last_ns_) / 1e9;
      tokens_ = std::min(Burst(), tokens_ + rate_ * passed_s);
    }
    last_ns_ = std::max(last_ns_, now_ns);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

  // In the only thread of a child process: whoever held the mutex is not there.
  void AfterForkInChild() { new (&mutex_) std::mutex; }

 private:
  double Burst() const { return rate_ == 0 ? 0 : std::max(1.0, rate_ / 10); }

  std::mutex mutex_;
  // Guarded by mutex_.
  double rate_ = 0;
  double tokens_ = 0;
  uint64_t last_ns_ = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_BUDGET_H_
