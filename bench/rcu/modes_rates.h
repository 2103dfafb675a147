// What a load under a membarrier mode has done so far, and how much of it a second.
#ifndef RCUKV_BENCH_RCU_MODES_RATES_H_
#define RCUKV_BENCH_RCU_MODES_RATES_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "bench/figures.h"
#include "rcu/membarrier.h"

namespace rcukv::bench {

struct ModesCounts {
  std::chrono::steady_clock::time_point time;
  uint64_t reads = 0;
  uint64_t writes = 0;
  rcu::MembarrierCalls calls = {};
  // Of the machine, see interrupts.h; absent where the kernel does not tell.
  std::optional<uint32_t> interrupts = std::nullopt;
};

// "reads_per_second", and the like of writes, expedited, non_expedited, global_expedited
// and, if both have them, interrupts. `after` is later than `before`.
Figures RatesBetween(const ModesCounts& before, const ModesCounts& after);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_MODES_RATES_H_
