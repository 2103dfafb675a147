#include "loadtest/workload/run.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/text_table.h"
#include "loadtest/workload/cancel_on_interrupt.h"
#include "loadtest/workload/load_phase.h"
#include "loadtest/workload/overhead.h"
#include "loadtest/workload/phase_runner.h"
#include "loadtest/workload/ramp_step.h"
#include "loadtest/workload/rate_search.h"
#include "loadtest/workload/run_report.h"
#include "loadtest/workload/run_setup.h"
#include "loadtest/workload/server_facts.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kProgressLines = 10;
// Where an earlier run filled the table: any revision will do.
constexpr uint64_t kAnyRevision = 1;

// Of a ramp that is not told where to begin.
constexpr double kFirstRate = 1000;

// How long calls under way may take after Ctrl-C until they are cancelled.
constexpr absl::Duration kPatience = absl::Seconds(1);

// A failure that was no cancellation by Ctrl-C.
absl::Status ByItself(const absl::Status& failure) {
  return Interrupted() && absl::IsCancelled(failure) ? absl::OkStatus() : failure;
}

// The run does not depend on them.
constexpr absl::Duration kServerFactsTimeout = absl::Seconds(1);

void Progress(const std::string& line) { absl::FPrintF(stderr, "%s\n", line); }

// One run, on connections that are there.
class WorkloadRun {
 public:
  WorkloadRun(const RunOptions& options, Targets targets)
      : targets_(std::move(targets)),
        records_(static_cast<uint64_t>(options.seed), options.key_bytes,
                 options.value_bytes) {
    result_.options = options;
  }

  // Of all connections; any thread.
  void Cancel() const;
  // An error: the table is not as the options say.
  absl::Status CheckOptions() const;
  // After CheckOptions(), once.
  RunResult Run();

 private:
  size_t entries() const { return static_cast<size_t>(result_.options.entries); }
  ServerTarget& target() const { return *targets_.front(); }

  // Nothing where it failed or was interrupted, which the result says.
  std::optional<uint64_t> Fill();
  void LoadAndMeasure(uint64_t revision);
  void Ramp(absl::Duration objective, PhaseRunner& runner);
  // Returns whether to go on with others.
  bool TryRate(RateSearch& search, absl::Duration objective, PhaseRunner& runner,
               MeasuredPhase& best);
  void OnSecond(const RunSecond& second);

  const Targets targets_;
  const Records records_;
  RunResult result_;
  Tally tally_;
};

void WorkloadRun::Cancel() const {
  for (const std::unique_ptr<ServerTarget>& target : targets_) target->Cancel();
}

absl::Status WorkloadRun::CheckOptions() const {
  return CheckTable(target(), result_.options, records_);
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

void WorkloadRun::OnSecond(const RunSecond& second) {
  result_.seconds.push_back(second);
  if (!second.after_end) Progress(RenderRunSecond(second));
}

bool WorkloadRun::TryRate(RateSearch& search, absl::Duration objective,
                          PhaseRunner& runner, MeasuredPhase& best) {
  Progress(absl::StrFormat("at %s operations/s:", ShortNumber(search.next())));
  PhaseRunner::Phase phase = runner.Run(search.next());
  result_.phase = std::move(phase.measured);
  const absl::Status failure = ByItself(tally_.TakeFailure());
  if (!IsOverload(failure)) result_.failure.Update(failure);
  if (!result_.failure.ok()) return false;
  // Interrupted; where calls failed as well, who knows why.
  if (!phase.whole && (failure.ok() || Interrupted())) return false;
  if (!failure.ok()) Progress(absl::StrFormat("  missed: %s", failure.message()));
  const RampStep step = StepOf(result_, objective, failure);
  result_.steps.push_back(step);
  search.Report(step.met);
  if (step.met) best = std::exchange(result_.phase, {});
  return true;
}

void WorkloadRun::Ramp(absl::Duration objective, PhaseRunner& runner) {
  RateSearch search(result_.options.rate.value_or(kFirstRate));
  MeasuredPhase best;
  while (!search.done() && TryRate(search, objective, runner, best)) {
  }
  if (search.best() > 0) result_.phase = std::move(best);
}

void WorkloadRun::LoadAndMeasure(uint64_t revision) {
  const RunOptions& options = result_.options;
  RevisionLedger ledger(entries(), revision);
  PhaseRunner runner(options,
                     {.callers = CallersOf(targets_, records_, ledger, tally_),
                      .ledger = ledger,
                      .tally = tally_},
                     [this](const RunSecond& second) { OnSecond(second); });
  if (options.ramp_p99.has_value()) {
    Ramp(*options.ramp_p99, runner);
  } else {
    result_.phase = runner.Run(options.rate).measured;
  }
}

RunResult WorkloadRun::Run() {
  if (!result_.options.admin_address.empty()) {
    result_.server = AskServer(result_.options.admin_address,
                               std::min(kServerFactsTimeout, result_.options.timeout));
  }
  const std::optional<uint64_t> revision =
      result_.options.load ? Fill() : std::optional<uint64_t>(kAnyRevision);
  if (revision.has_value()) LoadAndMeasure(*revision);
  result_.interrupted = Interrupted();
  result_.wrong = tally_.wrong();
  result_.conflicts = tally_.conflicts();
  result_.unchecked = tally_.unchecked();
  result_.first_wrong = tally_.first_wrong();
  result_.failure.Update(ByItself(tally_.failure()));
  if (result_.interrupted) return std::move(result_);
  // Afterwards: beside the load it would be another's time as well.
  result_.overhead = MeasureOverhead(result_.options, result_.phase.asked_rate);
  return std::move(result_);
}

}  // namespace

absl::StatusOr<RunResult> RunWorkload(const RunOptions& options) {
  absl::StatusOr<Targets> targets = Connect(options);
  if (!targets.ok()) return targets.status();
  WorkloadRun run(options, *std::move(targets));
  const CancelOnInterrupt cancel(kPatience, [&run] { run.Cancel(); });
  const absl::Status status = run.CheckOptions();
  if (!status.ok()) return status;
  return run.Run();
}

}  // namespace rcukv::loadtest
