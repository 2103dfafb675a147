// What makes the calls of a load: a closed loop (callers.h) or an open one (open_loop.h).
#ifndef RCUKV_LOADTEST_WORKLOAD_LOAD_H_
#define RCUKV_LOADTEST_WORKLOAD_LOAD_H_

#include "loadtest/workload/arrivals.h"

namespace rcukv::loadtest {

// It begins when it is made.
class Load {
 public:
  // Stops at once.
  virtual ~Load() = default;

  // Nothing is sent after `deadline`. Waits for that, or until the schedule has no more,
  // and for the calls under way.
  virtual void Stop(Arrivals::Clock::time_point deadline) = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_LOAD_H_
