// What the generator of a run costs by itself.
#ifndef RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_
#define RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_

#include "loadtest/workload/run_options.h"

namespace rcukv::loadtest {

// Nanoseconds of a processor that one operation takes against a target in this thread
// that answers at once: to choose it, make its key and value, check the answer, and
// record how long it took. The client library and gRPC are not in it. Takes some ten
// milliseconds.
double GeneratorNanoseconds(const RunOptions& options);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_OVERHEAD_H_
