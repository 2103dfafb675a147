// When each call of a load is due: so many a second by the clock, however long they take.
//
//   Pace pace(start, 500);
//   for (auto due = pace.Next(); due < end; due = pace.Next()) {
//     std::this_thread::sleep_until(due);
//     Call();
//     latencies.Record(Clock::now() - due);  // with the time that it was late to begin
//   }
//
// A call that takes long delays none of the others' due times: what is late is made up
// for, and its lateness counts.
//
// Thread safety: Next may be called by any thread; threads share the calls.
#ifndef RCUKV_BENCH_RCU_PACE_H_
#define RCUKV_BENCH_RCU_PACE_H_

#include <atomic>
#include <chrono>
#include <cstdint>

namespace rcukv::bench {

class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  // `per_second` is more than 0.
  Pace(Clock::time_point start, double per_second)
      : start_(start), per_second_(per_second) {}

  // The first one is due at `start`.
  Clock::time_point Next() {
    // relaxed: it is a number.
    const auto number =
        static_cast<double>(next_.fetch_add(1, std::memory_order_relaxed));
    return start_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(number / per_second_));
  }

 private:
  const Clock::time_point start_;
  const double per_second_;
  std::atomic<uint64_t> next_{0};
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_PACE_H_
