#include "loadtest/workload/overhead.h"

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "loadtest/workload/caller.h"
#include "loadtest/workload/null_target.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/schedule.h"

namespace rcukv::loadtest {
namespace {

// Few: their values may be of a megabyte.
constexpr size_t kEntries = 100;
constexpr int kOperations = 10'000;
constexpr int kAtOnce = 100;
// Large values take longer: then it is fewer operations.
constexpr double kLongestNanoseconds = 20e6;

// Of this thread's processor time: what else runs on the machine is not counted.
double CpuNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

}  // namespace

double GeneratorNanoseconds(const RunOptions& options) {
  const auto seed = static_cast<uint64_t>(options.seed);
  const size_t entries = std::min(kEntries, static_cast<size_t>(options.entries));
  const Records records(seed, options.key_bytes, options.value_bytes);
  NullTarget target(records, entries);
  RevisionLedger ledger(entries, 1);
  Tally tally;
  Recorder recorder;
  Schedule schedule(Operations(seed, options.workload, options.keys, entries,
                               static_cast<size_t>(options.scan_entries)),
                    std::nullopt, ledger);
  const Caller caller(target, records, ledger, tally);
  const auto run = [&](int operations) {
    for (int i = 0; i < operations; ++i) {
      const Operation operation = schedule.Take().operation;
      const absl::StatusOr<CallTimes> times = caller.Do(operation);
      const auto took = static_cast<uint64_t>((times->answered - times->sent).count());
      recorder.Record(0, operation.kind, {.from_send = took, .from_due = took});
    }
  };
  run(kAtOnce);
  const double start = CpuNanoseconds();
  double took = 0;
  int done = 0;
  while (done < kOperations && took < kLongestNanoseconds) {
    run(kAtOnce);
    done += kAtOnce;
    took = CpuNanoseconds() - start;
  }
  return took / done;
}

}  // namespace rcukv::loadtest
