// Readers and writers of one pointer, in this process.
//
// As in the sys_membarrier patch (v12, 2015): readers enter a section, read through a
// shared pointer and leave; writers publish a new object, wait for a grace period and
// free the old one.
#ifndef RCUKV_LOADTEST_PRIMITIVE_PRIMITIVE_LOAD_H_
#define RCUKV_LOADTEST_PRIMITIVE_PRIMITIVE_LOAD_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "loadtest/base/strategy.h"

namespace rcukv::loadtest {

struct PrimitiveLoad {
  int64_t readers = 6;
  int64_t writers = 2;
  absl::Duration duration = absl::Seconds(1);
};

struct PrimitiveRates {
  double reads_per_second = 0;
  // A write waits for its grace period.
  double writes_per_second = 0;
  // CPU time of a reader for one section with its read.
  double cpu_ns_per_read = 0;
  uint64_t reads = 0;
  // Of these, how many saw an object that had been freed already.
  uint64_t wrong = 0;
};

// Makes this process ready for the strategy, with its membarrier mode; before each run.
// FAILED_PRECONDITION with what the machine lacks.
//
// Thread safety, of both: one thread.
absl::Status PreparePrimitive(const Strategy& strategy);

// Runs it until its time is over or the program is interrupted.
PrimitiveRates RunPrimitiveLoad(const Strategy& strategy, const PrimitiveLoad& load);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PRIMITIVE_PRIMITIVE_LOAD_H_
