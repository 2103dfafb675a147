// How fast objects are retired and reclaimed, and with how much memory.
//
// One template for every library; `Rcu` is an adapter as in load.h, with
//
//   Hook                                     what an object must hold to be retired
//   void Retire<reclaim>(Hook*, size_t bytes)  reclaim(Hook*) after a grace period
//   void Barrier()                           returns when all of that is done
#ifndef RCUKV_BENCH_RCU_RETIRING_H_
#define RCUKV_BENCH_RCU_RETIRING_H_

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include "bench/figures.h"
#include "bench/rcu/sample_options.h"

namespace rcukv::bench {

template <class Rcu>
class Retiring {
 public:
  explicit Retiring(const SampleOptions& options) : options_(options) {}

  // "callbacks_per_second", from the first Retire to the end of Barrier, and
  // "peak_over_start_bytes", how much the most memory that was resident exceeds what was
  // before.
  Figures Measure() {
    Rcu::RegisterThread();
    const double seconds = options_.allocate ? RetireAllocated() : RetireAnArray();
    Rcu::UnregisterThread();
    RequireAllReclaimed();
    return {{"callbacks_per_second", static_cast<double>(options_.callbacks) / seconds},
            {"peak_over_start_bytes", PeakBytes() - start_bytes_}};
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Hook = typename Rcu::Hook;

  // Of one size, whatever a library wants of it.
  static constexpr size_t kObjectBytes = 32;
  struct Object : Hook {
    unsigned char payload[kObjectBytes - sizeof(Hook)];
  };
  static_assert(sizeof(Object) == kObjectBytes);

  // Each object of an array that is there before and after.
  double RetireAnArray() {
    std::vector<Object> objects(static_cast<size_t>(options_.callbacks));
    start_bytes_ = PeakBytes();
    return Timed([&] {
      for (Object& object : objects) Rcu::template Retire<Count>(&object, kObjectBytes);
    });
  }

  double RetireAllocated() {
    start_bytes_ = PeakBytes();
    return Timed([this] {
      for (int64_t i = 0; i < options_.callbacks; ++i) {
        Rcu::template Retire<CountAndFree>(new Object, kObjectBytes);
      }
    });
  }

  template <class RetireAll>
  static double Timed(RetireAll retire_all) {
    const Clock::time_point start = Clock::now();
    retire_all();
    Rcu::Barrier();
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  static void Count(Hook*) {
    // relaxed: both libraries reclaim what one thread retires on one thread; the barrier
    // orders it before the load.
    reclaimed_.store(reclaimed_.load(std::memory_order_relaxed) + 1,
                     std::memory_order_relaxed);
  }

  static void CountAndFree(Hook* hook) {
    Count(hook);
    delete static_cast<Object*>(hook);
  }

  void RequireAllReclaimed() const {
    // relaxed: ordered by the barrier.
    const int64_t reclaimed = reclaimed_.load(std::memory_order_relaxed);
    if (reclaimed == options_.callbacks) return;
    std::fprintf(stderr, "the barrier returned after %lld of %lld callbacks\n",
                 static_cast<long long>(reclaimed),
                 static_cast<long long>(options_.callbacks));
    std::abort();
  }

  static double PeakBytes() {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;  // The kernel's are KiB.
  }

  static inline std::atomic<int64_t> reclaimed_{0};

  const SampleOptions options_;
  double start_bytes_ = 0;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_RETIRING_H_
