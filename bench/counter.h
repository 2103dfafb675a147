// Counts of what the threads of a load do, while others look on.
#ifndef RCUKV_BENCH_COUNTER_H_
#define RCUKV_BENCH_COUNTER_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

namespace rcukv::bench {

// One thread adds, any thread reads. Alone in its cache line and the one that is fetched
// along with it.
class alignas(128) Counter {
 public:
  // relaxed, both: a figure, stored by one thread.
  void Add(uint64_t count) {
    value_.store(value_.load(std::memory_order_relaxed) + count,
                 std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

using Counters = std::vector<Counter>;

inline double Sum(const Counters& counters) {
  uint64_t sum = 0;
  for (const Counter& counter : counters) sum += counter.value();
  return static_cast<double>(sum);
}

inline void SleepFor(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

// How long a load that is watched for `seconds` runs before.
inline double WarmUpSeconds(double seconds) { return std::min(0.2 * seconds, 0.5); }

// Threads may take long to get a CPU for the first time; a thread that has not begun
// would be a different load.
inline void WaitUntilAllMove(const Counters& counters) {
  constexpr double kPollSeconds = 0.001;
  for (const Counter& counter : counters) {
    while (counter.value() == 0) SleepFor(kPollSeconds);
  }
}

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_COUNTER_H_
