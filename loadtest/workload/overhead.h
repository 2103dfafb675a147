// What the generator of a run costs by itself.
#ifndef RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_
#define RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_

#include "absl/functional/function_ref.h"
#include "loadtest/workload/run_options.h"

namespace rcukv::loadtest {

// Nanoseconds of a processor that one operation takes against a target in this thread
// that answers at once: to choose it, make its key and value, check the answer, and
// record how long it took. The client library and gRPC are not in it. Takes some ten
// milliseconds. Scans of large values are of fewer entries than --scan_entries: 64 MiB.
// 0: interrupted before it was known.
double GeneratorNanoseconds(const RunOptions& options);

// How long `operation` takes by the clock `nanoseconds`, on average. It is called up to
// some ten thousand times, but for not much longer than 20 ms, or once more than that
// where one takes longer.
double MeanNanoseconds(absl::FunctionRef<void()> operation,
                       absl::FunctionRef<double()> nanoseconds);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_
