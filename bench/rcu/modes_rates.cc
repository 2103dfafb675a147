#include "bench/rcu/modes_rates.h"

namespace rcukv::bench {

Figures RatesBetween(const ModesCounts& before, const ModesCounts& after) {
  const double seconds = std::chrono::duration<double>(after.time - before.time).count();
  const auto rate = [seconds](uint64_t from, uint64_t to) {
    return static_cast<double>(to - from) / seconds;
  };
  Figures rates = {
      {"reads_per_second", rate(before.reads, after.reads)},
      {"writes_per_second", rate(before.writes, after.writes)},
      {"expedited_per_second", rate(before.calls.expedited, after.calls.expedited)},
      {"non_expedited_per_second",
       rate(before.calls.non_expedited, after.calls.non_expedited)},
      {"global_expedited_per_second",
       rate(before.calls.global_expedited, after.calls.global_expedited)}};
  if (before.interrupts.has_value() && after.interrupts.has_value()) {
    // Modulo 2^32, as they are counted.
    const uint32_t interrupts = *after.interrupts - *before.interrupts;
    rates["interrupts_per_second"] = rate(0, interrupts);
  }
  return rates;
}

}  // namespace rcukv::bench
