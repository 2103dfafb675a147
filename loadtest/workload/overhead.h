// What the client of a run costs by itself: measured by the same loop against less and
// less (overhead_result.h).
#ifndef RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_
#define RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_

#include <optional>

#include "absl/functional/function_ref.h"
#include "loadtest/workload/overhead_result.h"
#include "loadtest/workload/run_options.h"

namespace rcukv::loadtest {

// Of an open loop at `rate`, or of a closed one. options.overhead is for how long each
// loop is measured; 0: only the generator is, which takes some ten milliseconds. The
// table has few keys, so that a null server can have its answers ready: as many as a scan
// reads, but not more than 64 MiB of values. When interrupted, what is not known yet
// stays 0 or absent.
Overhead MeasureOverhead(const RunOptions& options, std::optional<double> rate);

// Overhead::generator_nanoseconds alone.
double GeneratorNanoseconds(const RunOptions& options);

// Of an open loop at `rate`: Overhead::null_target alone.
MeasuredPhase MeasureNullTarget(const RunOptions& options, double rate);

// How long `operation` takes by the clock `nanoseconds`, on average. It is called up to
// some ten thousand times, but for not much longer than 20 ms, or once more than that
// where one takes longer.
double MeanNanoseconds(absl::FunctionRef<void()> operation,
                       absl::FunctionRef<double()> nanoseconds);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_
