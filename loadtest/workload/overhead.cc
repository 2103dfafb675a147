#include "loadtest/workload/overhead.h"

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "loadtest/base/interrupt.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/null_target.h"
#include "loadtest/workload/recorder.h"
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
  const auto seed = static_cast<uint64_t>(options.seed);
  const size_t entries = Entries(options);
  const Records records(seed, options.key_bytes, options.value_bytes);
  NullTarget target(records, entries);
  RevisionLedger ledger(entries, 1);
  Tally tally;
  Recorder recorder;
  Schedule schedule(Operations(seed, options.workload, options.keys, entries,
                               static_cast<size_t>(options.scan_entries)),
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

}  // namespace rcukv::loadtest
