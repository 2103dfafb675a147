// A closed loop: callers, each a thread, which takes the next operation of the schedule,
// carries it out, checks the answer and records how long it took, and then begins anew.
//
// They begin when they are made, and go on until they are stopped or until a call fails.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_CALLERS_H_
#define RCUKV_LOADTEST_WORKLOAD_CALLERS_H_

#include <atomic>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

#include "loadtest/workload/caller.h"
#include "loadtest/workload/load.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/schedule.h"
#include "loadtest/workload/tally.h"

namespace rcukv::loadtest {

class Callers : public Load {
 public:
  // So many; `kinds` has one or more, which are taken in turn: one a connection. What it
  // is given outlives it; the schedule is that of a closed loop. Where the system does
  // not start so many threads, the tally has that as a failure, which names --callers.
  Callers(size_t count, const std::vector<Caller>& kinds, Schedule& schedule,
          Recorder& recorder, Tally& tally);
  ~Callers() override;

  void Stop(Arrivals::Clock::time_point deadline) override;

 private:
  // One more; returns whether there is a thread for it.
  bool Start(const Caller& caller);
  // On a thread of its own.
  void Run(size_t number, const Caller& caller);
  bool stopping() const;

  Schedule& schedule_;
  Recorder& recorder_;
  Tally& tally_;
  // When, by the clock.
  std::atomic<Arrivals::Clock::rep> stop_at_{
      std::numeric_limits<Arrivals::Clock::rep>::max()};
  std::vector<std::thread> threads_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_CALLERS_H_
