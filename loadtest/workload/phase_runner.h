// Puts a load on a target, closed or at a rate, from its warm-up to the last answer.
//
//   PhaseRunner runner(options, {.callers = callers, .ledger = ledger, .tally = tally},
//                      [](const RunSecond& second) { ... });
//   const Phase phase = runner.Run(/*rate=*/std::nullopt);
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_PHASE_RUNNER_H_
#define RCUKV_LOADTEST_WORKLOAD_PHASE_RUNNER_H_

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "loadtest/workload/caller.h"
#include "loadtest/workload/load.h"
#include "loadtest/workload/measured_phase.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/revision_ledger.h"
#include "loadtest/workload/run_options.h"
#include "loadtest/workload/schedule.h"
#include "loadtest/workload/tally.h"

namespace rcukv::loadtest {

class PhaseRunner {
 public:
  // What the load is put on. The ledger and the tally are the callers', and outlive the
  // runner; the ledger's keys are there.
  struct Subject {
    // One a connection.
    std::vector<Caller> callers;
    RevisionLedger& ledger;
    Tally& tally;
  };

  struct Phase {
    MeasuredPhase measured;
    // Whether it went on to its end: no call failed, and nobody interrupted it.
    bool whole = false;
  };

  // Called when a second is over, of the warm-up as well, and at the end.
  using OnSecond = std::function<void(const RunSecond&)>;

  // `options` say what is done, for how long and by how many; they outlive it.
  PhaseRunner(const RunOptions& options, Subject subject, OnSecond on_second);

  // Without a rate: a closed loop. The same operations each time.
  Phase Run(std::optional<double> rate);

 private:
  using Clock = Arrivals::Clock;

  Schedule MakeSchedule();
  std::unique_ptr<Load> StartLoad(Schedule& schedule);
  // Returns whether to go on.
  bool Watch(Clock::time_point until, bool warm_up);
  void Take(bool warm_up);
  // At the end of the time (`whole`), or before: what became of the calls that were due.
  void Finish(Load& load, Schedule& schedule, bool warm_up, bool whole);
  // Of the time since the last one.
  RunSecond Second(const Measurement& measurement);

  const RunOptions& options_;
  const Subject subject_;
  const OnSecond on_second_;
  const Clock::time_point start_ = Clock::now();
  Recorder recorder_;
  // Of the phase under way.
  MeasuredPhase phase_;
  // The end of the last second that was taken.
  Clock::time_point taken_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_PHASE_RUNNER_H_
