// The callers of a run: threads, each of which takes the next operation of the schedule,
// waits until it is due, carries it out, checks the answer and records how long it took.
//
// They begin when they are made, and go on until they are stopped, until a call fails, or
// until the schedule has no more turns.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_CALLERS_H_
#define RCUKV_LOADTEST_WORKLOAD_CALLERS_H_

#include <atomic>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/schedule.h"
#include "loadtest/workload/tally.h"

namespace rcukv::loadtest {

class Callers {
 public:
  // So many; `kinds` has one or more, which are taken in turn: one a connection. What it
  // is given outlives it. Where the system does not start so many threads, the tally has
  // that as a failure, which names --callers.
  Callers(size_t count, const std::vector<Caller>& kinds, Schedule& schedule,
          Recorder& recorder, Tally& tally);

  // Stops at once.
  ~Callers();

  // Nobody takes a turn after `deadline`. Waits for that, or until the schedule has no
  // more, and for the calls under way.
  void Stop(Arrivals::Clock::time_point deadline);

 private:
  // One more; returns whether there is a thread for it.
  bool Start(const Caller& caller);
  // What is due from now on is nobody's to do.
  void Fail(const absl::Status& status);
  // On a thread of its own.
  void Run(size_t number, const Caller& caller);
  bool stopping() const;
  // Returns whether to carry it out: false where they are to stop.
  bool Await(Arrivals::Clock::time_point due) const;

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
