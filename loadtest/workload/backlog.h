// The calls of an open loop that came due and that nobody sent.
#ifndef RCUKV_LOADTEST_WORKLOAD_BACKLOG_H_
#define RCUKV_LOADTEST_WORKLOAD_BACKLOG_H_

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/measurement.h"

namespace rcukv::loadtest {

struct Backlog {
  // As many as the rate makes of the time; there may be very many.
  uint64_t count = 0;
  // When the first was due, and when the last; the others lie evenly between them.
  Arrivals::Clock::time_point first;
  Arrivals::Clock::time_point end;
};

// Records for each that by `now`, which is not before its end, it had waited so long.
inline void RecordBacklog(const Backlog& backlog, Arrivals::Clock::time_point now,
                          Measurement& measurement) {
  // Finer than a percentile is looked at.
  constexpr uint64_t kMostParts = 10'000;
  const uint64_t parts = std::min(backlog.count, kMostParts);
  for (uint64_t part = 0; part < parts; ++part) {
    const double share = static_cast<double>(part) / static_cast<double>(parts);
    const std::chrono::duration<double, std::nano> after = backlog.end - backlog.first;
    const std::chrono::nanoseconds waited =
        now - backlog.first -
        std::chrono::duration_cast<std::chrono::nanoseconds>(after * share);
    measurement.RecordUnanswered(
        static_cast<uint64_t>(waited.count()),
        backlog.count / parts + (part < backlog.count % parts ? 1 : 0));
  }
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_BACKLOG_H_
