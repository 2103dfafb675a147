// What a soak finds at one moment.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_SAMPLE_H_
#define RCUKV_LOADTEST_SOAK_SOAK_SAMPLE_H_

#include <cstdint>

#include "loadtest/soak/soak_tally.h"

namespace rcukv::loadtest {

struct SoakSample {
  // Since the load began.
  double seconds = 0;
  // Since then as well.
  SoakCounts counts;
  // Of the server's process, as the kernel counts it.
  uint64_t resident_bytes = 0;
  // The rest is what the server says. By its allocator: handed out; and all that it
  // holds.
  uint64_t allocated_bytes = 0;
  uint64_t allocator_resident_bytes = 0;
  // Of all tables: keys, values, headers; and the hash map's buckets.
  uint64_t entries = 0;
  uint64_t entry_bytes = 0;
  uint64_t bucket_bytes = 0;
  // Replaced or deleted, and not freed yet: for a reader's sake; and on its way to a
  // client.
  uint64_t backlog_bytes = 0;
  uint64_t kept_bytes = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_SAMPLE_H_
