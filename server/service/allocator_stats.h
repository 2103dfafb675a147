// Figures of the allocator, where it is jemalloc, and of the process's memory.
#ifndef RCUKV_SERVER_SERVICE_ALLOCATOR_STATS_H_
#define RCUKV_SERVER_SERVICE_ALLOCATOR_STATS_H_

#include <cstdint>

namespace rcukv {

struct AllocatorStats {
  // jemalloc's stats.allocated and stats.resident; 0 with another allocator.
  uint64_t allocated_bytes = 0;
  uint64_t resident_bytes = 0;
};

// Whether malloc of this process is jemalloc's.
bool IsJemalloc();

// Thread safety: any thread at any time.
AllocatorStats ReadAllocatorStats();

// Of this process, as the system counts it; 0 where it does not tell. Thread safety: any
// thread at any time.
uint64_t ProcessResidentBytes();

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_ALLOCATOR_STATS_H_
