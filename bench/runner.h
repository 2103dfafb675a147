// Takes the samples of a measure: each in a process of its own, in turns.
#ifndef RCUKV_BENCH_RUNNER_H_
#define RCUKV_BENCH_RUNNER_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "bench/measure.h"

namespace rcukv::bench {

using TakeSample = absl::FunctionRef<absl::StatusOr<Figures>(const Arm&)>;

// Runs the arm's command. Adds "peak_rss_bytes", the most memory that it had resident,
// and "user_cpu_seconds" and "system_cpu_seconds", the CPU time of its threads: much less
// of it than threads and cores could have had tells that others had the machine.
absl::StatusOr<Figures> SampleInAProcess(const Arm& arm);

// One sample an arm in each round, of which there are `rounds`, or as many as the measure
// allows. Who comes first changes from round to round: what one
// leaves behind (a warm cache, a hot CPU) meets both. Ends with the first sample that
// fails.
MeasureResult RunMeasure(const Measure& measure, int64_t rounds, TakeSample take_sample);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RUNNER_H_
