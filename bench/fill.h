// Runs what makes a server or a directory ready for a benchmark.
#ifndef RCUKV_BENCH_FILL_H_
#define RCUKV_BENCH_FILL_H_

#include "absl/status/status.h"
#include "bench/measure.h"

namespace rcukv::bench {

// Runs the arm's command to its end. Unlike a sample that takes long, so an interrupt
// ends it: CANCELLED. INTERNAL: it failed, with its last words.
//
// Thread safety: one thread, after loadtest::CatchInterrupts.
absl::Status Fill(const Arm& arm);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_FILL_H_
