#include "loadtest/flip/flip_load.h"

#include <cstddef>

#include "loadtest/base/random.h"
#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/operations.h"
#include "loadtest/workload/workload.h"

namespace rcukv::loadtest {
namespace {

using Clock = Arrivals::Clock;

// So that reads and writes are not drawn alike.
constexpr uint64_t kReads = 1;
constexpr uint64_t kWrites = 2;

Operations OperationsOf(const FlipOptions& options, const char* workload, uint64_t kind) {
  return Operations(static_cast<uint64_t>(options.seed) ^ Mix(kind),
                    *ParseWorkload(workload), KeyDistribution(),
                    static_cast<size_t>(options.entries), /*max_scanned=*/1);
}

Arrivals ArrivalsOf(const FlipOptions& options, double rate, uint64_t kind) {
  return Arrivals(Clock::now(), rate, static_cast<uint64_t>(options.seed) ^ Mix(kind));
}

}  // namespace

FlipLoad::FlipLoad(const FlipOptions& options, const Records& records, Target& reads,
                   Target& writes, uint64_t revision)
    : ledger_(static_cast<size_t>(options.entries), revision),
      read_callers_({Caller(reads, records, ledger_, tally_)}),
      write_callers_({Caller(writes, records, ledger_, tally_)}),
      read_schedule_(OperationsOf(options, "get:1", kReads),
                     ArrivalsOf(options, options.rate, kReads), ledger_),
      write_schedule_(OperationsOf(options, "put:1", kWrites),
                      ArrivalsOf(options, options.write_rate, kWrites), ledger_),
      readers_(static_cast<size_t>(options.callers), read_callers_, read_schedule_,
               reads_, tally_),
      writers_(static_cast<size_t>(options.write_callers), write_callers_,
               write_schedule_, writes_, tally_) {}

void FlipLoad::Stop() {
  const Clock::time_point now = Clock::now();
  read_schedule_.EndAt(now);
  write_schedule_.EndAt(now);
  readers_.Stop(now);
  writers_.Stop(now);
}

}  // namespace rcukv::loadtest
