// The steady load of a flip: two open loops, one of reads and one of writes, of which
// neither waits for the other.
//
// Both choose keys by Zipf's law, so that what is read is often what was just written.
// Reads are checked as those of `loadtest run` are (caller.h): every value, and that it
// is not older than a write that had been answered before the read was sent.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_LOAD_H_
#define RCUKV_LOADTEST_FLIP_FLIP_LOAD_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "loadtest/flip/flip_options.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/callers.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/revision_ledger.h"
#include "loadtest/workload/schedule.h"
#include "loadtest/workload/tally.h"
#include "loadtest/workload/target.h"

namespace rcukv::loadtest {

class FlipLoad {
 public:
  // Begins. The targets hold what operation 0 writes to keys 0 to options.entries - 1,
  // each of `revision` or a later one. All but the options outlive it.
  FlipLoad(const FlipOptions& options, const Records& records, Target& reads,
           Target& writes, uint64_t revision);

  // Stops.
  ~FlipLoad() { Stop(); }

  Recorder& reads() { return reads_; }
  Recorder& writes() { return writes_; }
  const Tally& tally() const { return tally_; }

  // Waits for the calls under way; may be called again.
  void Stop();

 private:
  RevisionLedger ledger_;
  Tally tally_;
  Recorder reads_;
  Recorder writes_;
  const std::vector<Caller> read_callers_;
  const std::vector<Caller> write_callers_;
  // Nobody inserts, so neither has the ledger grow.
  Schedule read_schedule_;
  Schedule write_schedule_;
  Callers readers_;
  Callers writers_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_LOAD_H_
