// What was measured of one load: a closed loop, or an open one at one rate.
#ifndef RCUKV_LOADTEST_WORKLOAD_MEASURED_PHASE_H_
#define RCUKV_LOADTEST_WORKLOAD_MEASURED_PHASE_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "loadtest/workload/measurement.h"
#include "loadtest/workload/run_processors.h"

namespace rcukv::loadtest {

// One second of it, or what is left of one at an end. Latencies in nanoseconds: from the
// due time, which in a closed loop is that of the send.
struct RunSecond {
  bool warm_up = false;
  // Not a second but what it took, after the end, until the calls were answered that had
  // been due, or given up.
  bool after_end = false;
  // Operations a second of an open loop; 0: a closed loop.
  double asked_rate = 0;
  // Since the load began, at its end.
  double at = 0;
  // How long it was.
  double seconds = 0;
  // Answered.
  uint64_t operations = 0;
  // Failed, or given up; latencies are with how long these had waited.
  uint64_t unanswered = 0;
  uint64_t p50 = 0;
  uint64_t p99 = 0;
  uint64_t p999 = 0;
  uint64_t max = 0;
  // Of all answers from the begin of the load.
  uint64_t wrong = 0;

  double rate() const {
    return seconds > 0 ? static_cast<double>(operations) / seconds : 0;
  }
};

// Without the warm-up.
struct MeasuredPhase {
  std::unique_ptr<Measurement> measured = std::make_unique<Measurement>();
  // With what it took after the end until the last calls were answered or given up.
  double seconds = 0;
  // At what rate of an open loop that was; absent: a closed loop.
  std::optional<double> asked_rate;
  // What this machine's processors did until the end; absent: not known.
  std::optional<ProcessorUse> processors;
  // For how long this program had a processor until the end, all of its threads together.
  double cpu_seconds = 0;

  double rate() const {
    return seconds > 0 ? static_cast<double>(measured->count()) / seconds : 0;
  }

  // Of a processor, for each operation that was answered until the end; 0: none was.
  double cpu_nanoseconds() const {
    const uint64_t answered = measured->count() - measured->after_end();
    return answered > 0 ? cpu_seconds * 1e9 / static_cast<double>(answered) : 0;
  }
};

// In an open loop: a schedule is kept where all but one in a hundred calls were not late,
// and answered.
inline bool KeptSchedule(const MeasuredPhase& phase) {
  const Measurement& measured = *phase.measured;
  return measured.count() > 0 && measured.late().Percentile(99) < kLateNanoseconds &&
         measured.unanswered().count() <= measured.count() / 100;
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_MEASURED_PHASE_H_
