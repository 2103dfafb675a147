#include "loadtest/workload/phase_runner.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/backlog.h"
#include "loadtest/workload/callers.h"
#include "loadtest/workload/open_loop.h"
#include "loadtest/workload/run_processors.h"

namespace rcukv::loadtest {
namespace {

// Not the wall clock, which may be set while a run lasts.
using Clock = Arrivals::Clock;

constexpr Clock::duration kInterval = std::chrono::seconds(1);
// How long calls that were due before the end are still sent after it.
constexpr Clock::duration kPatience = std::chrono::seconds(1);

double Seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

RunSecond Summary(const Measurement& measurement) {
  const LatencyHistogram latencies = measurement.AllFromDue();
  return {.operations = measurement.count(),
          .unanswered = measurement.unanswered().count(),
          .p50 = latencies.Percentile(50),
          .p99 = latencies.Percentile(99),
          .p999 = latencies.Percentile(99.9),
          .max = latencies.max()};
}

}  // namespace

PhaseRunner::PhaseRunner(const RunOptions& options, Subject subject, OnSecond on_second)
    : options_(options), subject_(std::move(subject)), on_second_(std::move(on_second)) {}

PhaseRunner::Phase PhaseRunner::Run(std::optional<double> rate) {
  phase_ = MeasuredPhase();
  phase_.asked_rate = rate;
  // What the phase before has left.
  recorder_.Take();
  Schedule schedule = MakeSchedule();
  taken_ = Clock::now();
  const Clock::time_point warm = taken_ + absl::ToChronoNanoseconds(options_.warm_up);
  const Clock::time_point end = warm + absl::ToChronoNanoseconds(options_.duration);
  schedule.EndAt(end);
  const std::unique_ptr<Load> load = StartLoad(schedule);
  const bool warmed_up = Watch(warm, true);
  const ProcessorWatch processors;
  const bool whole = warmed_up && Watch(end, false);
  phase_.processors = processors.SoFar();
  phase_.cpu_seconds = processors.own_seconds();
  Finish(*load, schedule, !warmed_up, whole);
  return {.measured = std::move(phase_), .whole = whole};
}

Schedule PhaseRunner::MakeSchedule() {
  const auto seed = static_cast<uint64_t>(options_.seed);
  std::optional<Arrivals> arrivals;
  if (phase_.asked_rate.has_value()) {
    arrivals.emplace(Clock::now(), *phase_.asked_rate, seed);
  }
  return Schedule(
      Operations(seed, options_.workload, options_.keys, subject_.ledger.loaded(),
                 static_cast<size_t>(options_.scan_entries),
                 static_cast<size_t>(options_.batch)),
      arrivals, subject_.ledger);
}

std::unique_ptr<Load> PhaseRunner::StartLoad(Schedule& schedule) {
  const auto callers = static_cast<size_t>(options_.callers);
  if (phase_.asked_rate.has_value()) {
    return std::make_unique<OpenLoop>(callers, subject_.callers, schedule, recorder_,
                                      subject_.tally);
  }
  return std::make_unique<Callers>(callers, subject_.callers, schedule, recorder_,
                                   subject_.tally);
}

bool PhaseRunner::Watch(Clock::time_point until, bool warm_up) {
  while (Clock::now() < until) {
    const Clock::time_point next = std::min(taken_ + kInterval, until);
    const bool interrupted =
        SleepUnlessInterrupted(absl::FromChrono(next - Clock::now()));
    Take(warm_up);
    if (interrupted || subject_.tally.failed()) return false;
  }
  return true;
}

void PhaseRunner::Take(bool warm_up) {
  const std::unique_ptr<Measurement> measurement = recorder_.Take();
  RunSecond second = Second(*measurement);
  second.warm_up = warm_up;
  on_second_(second);
  if (warm_up) return;
  phase_.measured->Merge(*measurement);
  phase_.seconds += second.seconds;
}

void PhaseRunner::Finish(Load& load, Schedule& schedule, bool warm_up, bool whole) {
  const Clock::time_point now = Clock::now();
  if (!whole) schedule.EndAt(now);
  // A closed loop has no calls that wait to be sent.
  load.Stop(whole && phase_.asked_rate.has_value() ? now + kPatience : now);
  const std::unique_ptr<Measurement> rest = recorder_.Take();
  RecordBacklog(schedule.backlog(), Clock::now(), *rest);
  if (warm_up || rest->empty()) return;
  RunSecond second = Second(*rest);
  second.after_end = true;
  on_second_(second);
  phase_.measured->MergeAfterEnd(*rest);
  phase_.seconds += second.seconds;
}

RunSecond PhaseRunner::Second(const Measurement& measurement) {
  const Clock::time_point now = Clock::now();
  RunSecond second = Summary(measurement);
  second.asked_rate = phase_.asked_rate.value_or(0);
  second.at = Seconds(now - start_);
  second.seconds = Seconds(now - taken_);
  second.wrong = subject_.tally.wrong();
  taken_ = now;
  return second;
}

}  // namespace rcukv::loadtest
