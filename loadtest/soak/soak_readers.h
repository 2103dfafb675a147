// Those who read in a soak, in closed loops: the next key is asked for when the last
// answer is there and has been compared with what may have been written.
//
// They begin when they are made, go on until tally.Stop(), or until a call fails, and the
// destructor waits for them. What they are given outlives them.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_READERS_H_
#define RCUKV_LOADTEST_SOAK_SOAK_READERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clients/cpp/client.h"
#include "loadtest/base/random.h"
#include "loadtest/soak/soak_data.h"
#include "loadtest/soak/soak_tally.h"
#include "loadtest/soak/write_ledger.h"

namespace rcukv::loadtest {

// What every reader reads, knows and reports to.
struct SoakReading {
  const Client& client;
  const SoakData& data;
  const WriteLedger& ledger;
  SoakTally& tally;
};

// Chains of GetAsync, each of whose answers makes the next Get.
class GetChains {
 public:
  // `seed` is of the choice of keys.
  GetChains(const SoakReading& reading, size_t chains, uint64_t seed);

  // The tally is to stop, or has.
  ~GetChains();

 private:
  void Get(size_t chain);
  void End();

  const SoakReading reading_;
  // By chain: its choice of keys.
  std::vector<Random> random_;
  absl::Mutex mutex_;
  size_t running_ ABSL_GUARDED_BY(mutex_);
};

// BatchGets of `batch` random keys, on the calling thread, until the tally stops.
void ReadBatches(const SoakReading& reading, size_t batch, uint64_t seed);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_READERS_H_
