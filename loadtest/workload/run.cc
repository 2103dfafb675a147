#include "loadtest/workload/run.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/text_table.h"
#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/backlog.h"
#include "loadtest/workload/callers.h"
#include "loadtest/workload/load_phase.h"
#include "loadtest/workload/overhead.h"
#include "loadtest/workload/ramp_step.h"
#include "loadtest/workload/rate_search.h"
#include "loadtest/workload/run_processors.h"
#include "loadtest/workload/run_report.h"
#include "loadtest/workload/server_target.h"

namespace rcukv::loadtest {
namespace {

// Not the wall clock, which may be set while a run lasts.
using Clock = Arrivals::Clock;

constexpr Clock::duration kInterval = std::chrono::seconds(1);
// How long calls that were due before the end are still sent after it.
constexpr Clock::duration kPatience = std::chrono::seconds(1);
constexpr size_t kProgressLines = 10;
// Where an earlier run filled the table: any revision will do.
constexpr uint64_t kAnyRevision = 1;

// Of a ramp that is not told where to begin.
constexpr double kFirstRate = 1000;

using Targets = std::vector<std::unique_ptr<ServerTarget>>;

double Seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void Progress(const std::string& line) { absl::FPrintF(stderr, "%s\n", line); }

// `status`, with the flag that led to it and what to do.
absl::Status BlameFlag(const absl::Status& status, const std::string& flag,
                       const std::string& remedy) {
  return absl::Status(status.code(),
                      absl::StrFormat("%s: %s; %s", flag, status.message(), remedy));
}

// An error of the server that is there, or is not.
absl::Status BlameAddress(const absl::Status& status, const RunOptions& options) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrFormat("--address=%s: %s", options.address,
                                                     status.message()));
}

absl::StatusOr<Targets> Connect(const RunOptions& options) {
  Targets targets;
  for (int64_t i = 0; i < options.connections; ++i) {
    absl::StatusOr<std::unique_ptr<Client>> client = Client::Connect(
        options.address,
        {.connect_timeout = options.timeout, .call_timeout = options.timeout});
    if (!client.ok()) return BlameAddress(client.status(), options);
    targets.push_back(std::make_unique<ServerTarget>(*std::move(client), options.table));
  }
  return targets;
}

// Whether there is such a table.
absl::Status CheckTable(ServerTarget& target, const RunOptions& options,
                        const Records& records) {
  const absl::Status status = target.Get(records.Key(0)).status();
  if (!absl::IsNotFound(status)) return BlameAddress(status, options);
  return BlameFlag(status, "--table=" + options.table,
                   "create it with ./run cli table create, or name another");
}

// Where it was to be filled by an earlier run.
absl::Status CheckFilledBefore(ServerTarget& target, const RunOptions& options,
                               const Records& records) {
  const auto entries = static_cast<size_t>(options.entries);
  const absl::Status status = CheckFilled(target, records, entries);
  if (absl::IsNotFound(status)) {
    return BlameFlag(status, absl::StrFormat("--entries=%d", options.entries),
                     "the table is too small: lower it to what was loaded, or leave "
                     "--load=false out");
  }
  if (absl::IsDataLoss(status)) {
    return BlameFlag(status, "--load=false",
                     "give the --seed, --key_bytes and --value_bytes with which the "
                     "table was filled, or leave it out");
  }
  return status;
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

// One run, on connections that are there.
class WorkloadRun {
 public:
  WorkloadRun(const RunOptions& options, Targets targets)
      : targets_(std::move(targets)),
        records_(static_cast<uint64_t>(options.seed), options.key_bytes,
                 options.value_bytes) {
    result_.options = options;
  }

  // An error: the table is not as the options say.
  absl::Status CheckOptions();
  // After CheckOptions(), once.
  RunResult Run();

 private:
  size_t entries() const { return static_cast<size_t>(result_.options.entries); }
  ServerTarget& target() const { return *targets_.front(); }

  // Nothing where it failed or was interrupted, which the result says.
  std::optional<uint64_t> Fill();
  void LoadAndMeasure(uint64_t revision);
  // Without a rate: a closed loop. Returns whether it went on to its end.
  bool MeasureAt(std::optional<double> rate, RevisionLedger& ledger);
  void Ramp(absl::Duration objective, RevisionLedger& ledger);
  std::vector<Caller> CallersOf(RevisionLedger& ledger);
  // Returns whether to go on.
  bool Watch(Clock::time_point until, bool warm_up);
  // Of the time since the last one.
  RunSecond Second(const Measurement& measurement);
  void Take(bool warm_up);
  // At the end of the time (`whole`), or before: what became of the calls that were due.
  void Finish(Callers& load, Schedule& schedule, bool warm_up, bool whole);

  const Targets targets_;
  const Records records_;
  RunResult result_;
  Tally tally_;
  Recorder recorder_;
  Clock::time_point start_;
  // The end of the last second that was taken.
  Clock::time_point taken_;
};

absl::Status WorkloadRun::CheckOptions() {
  const absl::Status status = CheckTable(target(), result_.options, records_);
  if (!status.ok() || result_.options.load) return status;
  return CheckFilledBefore(target(), result_.options, records_);
}

std::optional<uint64_t> WorkloadRun::Fill() {
  const size_t step = std::max<size_t>(1, entries() / kProgressLines);
  size_t next = step;
  Progress(absl::StrFormat("filling table %s with %s keys", result_.options.table,
                           GroupedNumber(entries())));
  const absl::StatusOr<uint64_t> revision =
      FillTable(target(), records_, entries(), [&](size_t filled) {
        if (filled < next) return;
        Progress(absl::StrFormat("  %s of %s", GroupedNumber(filled),
                                 GroupedNumber(entries())));
        next = filled + step;
      });
  if (revision.ok()) return *revision;
  if (!Interrupted()) {
    result_.failure = absl::Status(
        revision.status().code(),
        absl::StrFormat("the table cannot be filled: %s", revision.status().message()));
  }
  return {};
}

std::vector<Caller> WorkloadRun::CallersOf(RevisionLedger& ledger) {
  std::vector<Caller> callers;
  for (const std::unique_ptr<ServerTarget>& target : targets_) {
    callers.emplace_back(*target, records_, ledger, tally_);
  }
  return callers;
}

RunSecond WorkloadRun::Second(const Measurement& measurement) {
  const Clock::time_point now = Clock::now();
  RunSecond second = Summary(measurement);
  second.asked_rate = result_.asked_rate.value_or(0);
  second.at = Seconds(now - start_);
  second.seconds = Seconds(now - taken_);
  second.wrong = tally_.wrong();
  taken_ = now;
  return second;
}

void WorkloadRun::Take(bool warm_up) {
  const std::unique_ptr<Measurement> measurement = recorder_.Take();
  RunSecond second = Second(*measurement);
  second.warm_up = warm_up;
  result_.seconds.push_back(second);
  Progress(RenderRunSecond(second));
  if (warm_up) return;
  result_.measured->Merge(*measurement);
  result_.measured_seconds += second.seconds;
}

bool WorkloadRun::Watch(Clock::time_point until, bool warm_up) {
  while (Clock::now() < until) {
    const Clock::time_point next = std::min(taken_ + kInterval, until);
    const bool interrupted =
        SleepUnlessInterrupted(absl::FromChrono(next - Clock::now()));
    Take(warm_up);
    if (interrupted || tally_.failed()) return false;
  }
  return true;
}

void WorkloadRun::Finish(Callers& load, Schedule& schedule, bool warm_up, bool whole) {
  const Clock::time_point now = Clock::now();
  if (!whole) schedule.EndAt(now);
  // A closed loop has no calls that wait to be sent.
  load.Stop(whole && result_.asked_rate.has_value() ? now + kPatience : now);
  const std::unique_ptr<Measurement> rest = recorder_.Take();
  RecordBacklog(schedule.backlog(), Clock::now(), *rest);
  if (warm_up || rest->empty()) return;
  RunSecond second = Second(*rest);
  second.after_end = true;
  result_.seconds.push_back(second);
  result_.measured->MergeAfterEnd(*rest);
  result_.measured_seconds += second.seconds;
}

bool WorkloadRun::MeasureAt(std::optional<double> rate, RevisionLedger& ledger) {
  const RunOptions& options = result_.options;
  const auto seed = static_cast<uint64_t>(options.seed);
  result_.measured = std::make_unique<Measurement>();
  result_.measured_seconds = 0;
  result_.asked_rate = rate;
  const std::vector<Caller> callers = CallersOf(ledger);
  std::optional<Arrivals> arrivals;
  if (rate.has_value()) arrivals.emplace(Arrivals::Clock::now(), *rate, seed);
  Schedule schedule(Operations(seed, options.workload, options.keys, entries(),
                               static_cast<size_t>(options.scan_entries)),
                    arrivals, ledger);
  // What the rate before has left.
  recorder_.Take();
  taken_ = Clock::now();
  const Clock::time_point warm = taken_ + absl::ToChronoNanoseconds(options.warm_up);
  const Clock::time_point end = warm + absl::ToChronoNanoseconds(options.duration);
  schedule.EndAt(end);
  Callers load(static_cast<size_t>(options.callers), callers, schedule, recorder_,
               tally_);
  const bool warmed_up = Watch(warm, true);
  const ProcessorWatch processors;
  const bool whole = warmed_up && Watch(end, false);
  result_.processors = processors.SoFar();
  Finish(load, schedule, !warmed_up, whole);
  return whole;
}

void WorkloadRun::Ramp(absl::Duration objective, RevisionLedger& ledger) {
  RateSearch search(result_.options.rate.value_or(kFirstRate));
  std::unique_ptr<Measurement> best;
  double best_seconds = 0;
  std::optional<ProcessorUse> best_processors;
  while (!search.done()) {
    Progress(absl::StrFormat("at %s operations/s:", ShortNumber(search.next())));
    const bool whole = MeasureAt(search.next(), ledger);
    const absl::Status failure = tally_.TakeFailure();
    if (!IsOverload(failure)) result_.failure.Update(failure);
    if (!result_.failure.ok()) break;
    // Interrupted; where calls failed as well, who knows why.
    if (!whole && (failure.ok() || Interrupted())) break;
    if (!failure.ok()) Progress(absl::StrFormat("  missed: %s", failure.message()));
    const RampStep step = StepOf(result_, objective, failure);
    result_.steps.push_back(step);
    search.Report(step.met);
    if (!step.met) continue;
    best = std::move(result_.measured);
    best_seconds = result_.measured_seconds;
    best_processors = result_.processors;
  }
  if (best == nullptr) return;
  result_.measured = std::move(best);
  result_.measured_seconds = best_seconds;
  result_.processors = best_processors;
  result_.asked_rate = search.best();
}

void WorkloadRun::LoadAndMeasure(uint64_t revision) {
  const RunOptions& options = result_.options;
  RevisionLedger ledger(entries(), revision);
  start_ = Clock::now();
  if (options.ramp_p99.has_value()) {
    Ramp(*options.ramp_p99, ledger);
  } else {
    MeasureAt(options.rate, ledger);
  }
}

RunResult WorkloadRun::Run() {
  const std::optional<uint64_t> revision =
      result_.options.load ? Fill() : std::optional<uint64_t>(kAnyRevision);
  if (revision.has_value()) LoadAndMeasure(*revision);
  result_.interrupted = Interrupted();
  result_.wrong = tally_.wrong();
  result_.conflicts = tally_.conflicts();
  result_.unchecked = tally_.unchecked();
  result_.first_wrong = tally_.first_wrong();
  result_.failure.Update(tally_.failure());
  if (result_.interrupted) return std::move(result_);
  // Afterwards: beside the load it would be another's time as well.
  result_.generator_nanoseconds = GeneratorNanoseconds(result_.options);
  return std::move(result_);
}

}  // namespace

absl::StatusOr<RunResult> RunWorkload(const RunOptions& options) {
  absl::StatusOr<Targets> targets = Connect(options);
  if (!targets.ok()) return targets.status();
  WorkloadRun run(options, *std::move(targets));
  const absl::Status status = run.CheckOptions();
  if (!status.ok()) return status;
  return run.Run();
}

}  // namespace rcukv::loadtest
