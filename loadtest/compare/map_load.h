// Readers of one hash map in this process, and a writer at a fixed rate.
//
// Readers walk a shuffled list of keys over and over, and compare the key of each entry
// that they find with the one they looked up: what RunLookups does in the server.
#ifndef RCUKV_LOADTEST_COMPARE_MAP_LOAD_H_
#define RCUKV_LOADTEST_COMPARE_MAP_LOAD_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/dataset.h"

namespace rcukv::loadtest {

struct MapLoad {
  int threads = 1;
  // Of the map's; at least 1.
  size_t distinct_keys = 1000;
  // Keys a section; 0: one section a key.
  size_t batch = 0;
  // 0: none.
  double writes_per_second = 0;
  absl::Duration duration = absl::Seconds(1);
  // Of the choice of keys.
  uint64_t seed = 0;
};

struct MapRates {
  double reads_per_second = 0;
  double writes_per_second = 0;
  // CPU time of a reading thread for one read.
  double cpu_ns_per_read = 0;
  uint64_t reads = 0;
  // Keys that were not found, or whose entry was another key's.
  uint64_t wrong = 0;
};

// A map of one strategy, with the entries of a dataset.
//
// Thread safety: one thread.
class MapUnderLoad {
 public:
  // Makes this process ready for the strategy, with its membarrier mode; before New and
  // before each Run. FAILED_PRECONDITION with what the machine lacks.
  static absl::Status Prepare(const Strategy& strategy);

  // Fills it. `dataset` outlives the map.
  static std::unique_ptr<MapUnderLoad> New(const Strategy& strategy,
                                           const Dataset& dataset);

  virtual ~MapUnderLoad() = default;

  // Runs it until its time is over or the program is interrupted.
  virtual MapRates Run(const MapLoad& load) = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_MAP_LOAD_H_
