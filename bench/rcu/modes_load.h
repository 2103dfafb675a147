// One load of flavor memb to take under each membarrier mode: what readers, callers that
// wait and background batches have of it, and how often CPUs are interrupted for it.
#ifndef RCUKV_BENCH_RCU_MODES_LOAD_H_
#define RCUKV_BENCH_RCU_MODES_LOAD_H_

#include "bench/figures.h"
#include "bench/rcu/modes_options.h"

namespace rcukv::bench {

// Runs the load in the membarrier mode that rcu::MembDomain has. A rate is per second of
// the time that it is watched:
//
//   reads, writes            sections; calls of Synchronize that returned
//   sync_p50_us, _p99_us     from the call to its return
//   sync_due_p50_us, _p99_us from the time when the call was due, which a caller that
//                            comes late because of others before it would notice
//   expedited_per_second, non_expedited_per_second, global_expedited_per_second
//                            membarrier system calls
//   interrupts_per_second    function-call interrupts of the machine (interrupts.h), for
//                            whatever reason; absent where the kernel does not tell
//   interrupts_per_second_before  the same, shortly before the load began
//   reclaim_p50_ms, _p99_ms  from Retire until the object was reclaimed
//
// Once in a process.
Figures MeasureModesLoad(const ModesLoadOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_MODES_LOAD_H_
