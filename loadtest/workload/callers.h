// The callers of a run: threads, each of which takes the next operation of the schedule,
// waits until it is due, carries it out, checks the answer and records how long it took.
//
// They begin when they are made, and go on until the destructor, or until a call fails.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_CALLERS_H_
#define RCUKV_LOADTEST_WORKLOAD_CALLERS_H_

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

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

  // Waits for the calls under way.
  ~Callers();

 private:
  // One more; returns whether there is a thread for it.
  bool Start(const Caller& caller);
  // On a thread of its own.
  void Run(size_t number, const Caller& caller);
  bool stopping() const;
  // Returns whether to carry it out: false where they are to stop.
  bool Await(Arrivals::Clock::time_point due) const;

  Schedule& schedule_;
  Recorder& recorder_;
  Tally& tally_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_CALLERS_H_
