// The load that `bench rcu` takes under each membarrier mode.
#ifndef RCUKV_BENCH_RCU_MODES_OPTIONS_H_
#define RCUKV_BENCH_RCU_MODES_OPTIONS_H_

#include <cstdint>

namespace rcukv::bench {

struct ModesLoadOptions {
  // Threads that are in sections all the time.
  int64_t readers = 2;
  // Calls of Synchronize a second, all together: each by a thread that has replaced an
  // object. There are enough threads for one to be free whenever a call is due, also
  // where each takes tens of milliseconds.
  double syncs_per_second = 500;
  int64_t synchronizers = 32;
  // Objects a second that one more thread replaces and retires.
  double retires_per_second = 20'000;
  // How long it is watched.
  double seconds = 2;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_RCU_MODES_OPTIONS_H_
