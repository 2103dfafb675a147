// How much memory this process has, and what of it is the allocator's.
#ifndef RCUKV_BENCH_MAP_MEMORY_H_
#define RCUKV_BENCH_MAP_MEMORY_H_

#include <cstdint>

namespace rcukv::bench {

struct Memory {
  // Of the process, of every kind.
  int64_t resident_bytes = 0;
  // jemalloc's: what it has given out, rounded up to its size classes; and what is
  // resident for that. 0 where there is another allocator.
  int64_t allocated_bytes = 0;
  int64_t allocator_resident_bytes = 0;
};

// After what was freed has been given back to the system.
Memory MemoryNow();

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_MEMORY_H_
