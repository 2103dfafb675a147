// The operations of a run, one after the other: the same for the same seed, however many
// callers carry them out and however fast the server is.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_OPERATIONS_H_
#define RCUKV_LOADTEST_WORKLOAD_OPERATIONS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "loadtest/base/random.h"
#include "loadtest/workload/key_chooser.h"
#include "loadtest/workload/workload.h"

namespace rcukv::loadtest {

struct Operation {
  // From 1 on: 0 is the load.
  uint64_t number = 0;
  OperationKind kind = OperationKind::kGet;
  // Of the key; of no meaning to a scan.
  size_t index = 0;
  // Entries that a scan reads; 0 for others.
  size_t scanned = 0;
  // Of a get: the keys that it reads besides, in one call.
  std::vector<size_t> more = {};

  bool operator==(const Operation&) const = default;
};

class Operations {
 public:
  // `loaded` keys are there, 1 to 2^31. A scan reads 1 to `max_scanned` entries, each
  // length alike; a get `batch` keys, 1 or more.
  Operations(uint64_t seed, const Workload& workload, const KeyDistribution& keys,
             size_t loaded, size_t max_scanned, size_t batch = 1);

  Operation Next();

  // There are with the inserts so far, whether or not these were carried out.
  size_t keys() const { return keys_; }

 private:
  OperationKind DrawKind();

  const Workload workload_;
  const size_t max_scanned_;
  const size_t batch_;
  Random random_;
  KeyChooser chooser_;
  size_t keys_;
  uint64_t number_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_OPERATIONS_H_
