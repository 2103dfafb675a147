#include "loadtest/workload/overhead.h"

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/null_server_process.h"
#include "loadtest/workload/null_target.h"
#include "loadtest/workload/phase_runner.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/run_setup.h"
#include "loadtest/workload/schedule.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kEntries = 100;
// Of the values of more entries than these.
constexpr size_t kMostBytes = 64 << 20;
constexpr int kOperations = 10'000;
// The clock takes about as long as an operation.
constexpr int kAtOnce = 100;
// Large values take longer: then it is fewer operations.
constexpr double kLongestNanoseconds = 20e6;
// Of the time for which a loop is measured, the part for which it runs before.
constexpr int kWarmUpPart = 4;

// Of this thread's processor time: what else runs on the machine is not counted.
double CpuNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// As many as a scan reads, where these are not too large.
size_t Entries(const RunOptions& options) {
  size_t entries = kEntries;
  if (options.workload.share(OperationKind::kScan) > 0) {
    const size_t most = kMostBytes / options.value_bytes.limits().max;
    entries =
        std::max(entries, std::min(most, static_cast<size_t>(options.scan_entries)));
  }
  return std::min(entries, static_cast<size_t>(options.entries));
}

// The load of `options` on few keys, for a short time.
RunOptions Brief(const RunOptions& options) {
  RunOptions brief = options;
  brief.entries = static_cast<int64_t>(Entries(options));
  brief.duration = options.overhead;
  brief.warm_up = options.overhead / kWarmUpPart;
  return brief;
}

Records RecordsOf(const RunOptions& options) {
  return Records(static_cast<uint64_t>(options.seed), options.key_bytes,
                 options.value_bytes);
}

// With callers of its own.
PhaseRunner::Phase RunOn(const RunOptions& brief, std::vector<Caller> callers,
                         RevisionLedger& ledger, Tally& tally,
                         std::optional<double> rate) {
  PhaseRunner runner(brief,
                     {.callers = std::move(callers), .ledger = ledger, .tally = tally},
                     [](const RunSecond&) {});
  return runner.Run(rate);
}

// CANCELLED: interrupted.
absl::StatusOr<MeasuredPhase> MeasureNullServer(const RunOptions& options,
                                                std::optional<double> rate) {
  RunOptions brief = Brief(options);
  const absl::StatusOr<NullServerProcess> server = StartNullServer(brief);
  if (!server.ok()) return server.status();
  brief.address = server->address;
  const absl::StatusOr<Targets> targets = Connect(brief);
  if (!targets.ok()) return targets.status();
  const Records records = RecordsOf(brief);
  RevisionLedger ledger(static_cast<size_t>(brief.entries), 1);
  Tally tally;
  PhaseRunner::Phase phase =
      RunOn(brief, CallersOf(*targets, records, ledger, tally), ledger, tally, rate);
  if (!tally.failure().ok()) return tally.failure();
  if (tally.wrong() > 0) return absl::DataLossError(tally.first_wrong());
  if (!phase.whole) return absl::CancelledError("interrupted");
  return std::move(phase.measured);
}

}  // namespace

double MeanNanoseconds(absl::FunctionRef<void()> operation,
                       absl::FunctionRef<double()> nanoseconds) {
  // The first finds nothing in the caches.
  operation();
  const double start = nanoseconds();
  double took = 0;
  int done = 0;
  // More and more, as nothing is known of the first: the last are no longer than all
  // before.
  for (int at_once = 1;
       done < kOperations && took < kLongestNanoseconds && !Interrupted();
       at_once = std::min(2 * at_once, kAtOnce)) {
    for (int i = 0; i < at_once; ++i) operation();
    done += at_once;
    took = nanoseconds() - start;
  }
  return done > 0 ? took / done : 0;
}

double GeneratorNanoseconds(const RunOptions& options) {
  const size_t entries = Entries(options);
  const Records records = RecordsOf(options);
  NullTarget target(records, entries);
  RevisionLedger ledger(entries, 1);
  Tally tally;
  Recorder recorder;
  Schedule schedule(
      Operations(static_cast<uint64_t>(options.seed), options.workload, options.keys,
                 entries, static_cast<size_t>(options.scan_entries),
                 static_cast<size_t>(options.batch)),
      std::nullopt, ledger);
  const Caller caller(target, records, ledger, tally);
  const auto operation = [&] {
    const Operation next = schedule.Take()->operation;
    const absl::StatusOr<CallTimes> times = caller.Do(next);
    const auto took = static_cast<uint64_t>((times->answered - times->sent).count());
    recorder.Record(0, next.kind, {.from_send = took, .from_due = took});
  };
  return MeanNanoseconds(operation, CpuNanoseconds);
}

MeasuredPhase MeasureNullTarget(const RunOptions& options, double rate) {
  const RunOptions brief = Brief(options);
  const Records records = RecordsOf(brief);
  const auto entries = static_cast<size_t>(brief.entries);
  NullTarget target(records, entries);
  RevisionLedger ledger(entries, 1);
  Tally tally;
  const std::vector<Caller> callers = {Caller(target, records, ledger, tally)};
  return RunOn(brief, callers, ledger, tally, rate).measured;
}

Overhead MeasureOverhead(const RunOptions& options, std::optional<double> rate) {
  Overhead overhead;
  overhead.generator_nanoseconds = GeneratorNanoseconds(options);
  if (options.overhead == absl::ZeroDuration() || Interrupted()) return overhead;
  if (rate.has_value()) overhead.null_target = MeasureNullTarget(options, *rate);
  absl::StatusOr<MeasuredPhase> on_server = MeasureNullServer(options, rate);
  if (on_server.ok()) {
    overhead.null_server = *std::move(on_server);
  } else {
    overhead.failure = on_server.status();
  }
  return overhead;
}

}  // namespace rcukv::loadtest
