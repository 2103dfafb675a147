// What is known of the time between two looks at a server under load.
//
// Thread safety: pure functions.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_FIGURES_H_
#define RCUKV_LOADTEST_FLIP_FLIP_FIGURES_H_

#include <cstdint>
#include <optional>

#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/measurement.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

// One look. All but the backlog counts since the server, or the machine, started.
struct Observation {
  Arrivals::Clock::time_point at;
  v1::GetStatusResponse status;
  // FunctionCallInterrupts(); of the whole machine.
  std::optional<uint64_t> interrupts;
};

// Calls of one kind; times in nanoseconds. The percentiles are from when a call was due,
// those that were not answered included; `sent` are from when it was sent; `late_p99` is
// by how much it was sent too late.
struct CallFigures {
  // Answered.
  uint64_t done = 0;
  uint64_t p50 = 0;
  uint64_t p99 = 0;
  uint64_t p999 = 0;
  uint64_t max = 0;
  uint64_t sent_p50 = 0;
  uint64_t sent_p99 = 0;
  uint64_t late_p99 = 0;
};

CallFigures FiguresOf(const Measurement& measurement);

struct FlipFigures {
  double seconds = 0;
  CallFigures reads;
  CallFigures writes;

  // That ended. Absent: there was none. The p99 is the upper bound of a bucket whose
  // lower bound is half of it.
  uint64_t grace_periods = 0;
  std::optional<double> grace_period_mean_ns = {};
  std::optional<double> grace_period_p99_ns = {};

  // What waited to be freed at the end.
  uint64_t backlog_entries = 0;
  uint64_t backlog_bytes = 0;

  // Of the whole machine; absent where the kernel does not show them.
  std::optional<uint64_t> interrupts = {};
  // Calls of sys_membarrier by the server, by command.
  uint64_t expedited_calls = 0;
  uint64_t non_expedited_calls = 0;
  uint64_t global_expedited_calls = 0;

  // `count` of them, a second.
  double Rate(uint64_t count) const {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
  }
};

// Both looks are at the same server, `after` the later one; the measurements are of the
// time between them.
FlipFigures FiguresBetween(const Observation& before, const Observation& after,
                           const Measurement& reads, const Measurement& writes);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_FIGURES_H_
