#include "bench/map/memory.h"

#include <unistd.h>

#include <cstddef>
#include <fstream>

// Weak: with the sanitizers there is no jemalloc.
extern "C" int mallctl(const char* name, void* old_value, size_t* old_size,
                       void* new_value, size_t new_size) __attribute__((weak));

namespace rcukv::bench {
namespace {

// Freed pages of all arenas go back, and the statistics are taken anew.
void PurgeAndRefresh() {
  if (mallctl == nullptr) return;
  // 4096 is MALLCTL_ARENAS_ALL.
  mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0);
  uint64_t epoch = 1;
  size_t size = sizeof(epoch);
  mallctl("epoch", &epoch, &size, &epoch, size);
}

int64_t AllocatorFigure(const char* name) {
  size_t figure = 0;
  size_t size = sizeof(figure);
  if (mallctl == nullptr || mallctl(name, &figure, &size, nullptr, 0) != 0) return 0;
  return static_cast<int64_t>(figure);
}

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t total_pages = 0;
  int64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

}  // namespace

Memory MemoryNow() {
  PurgeAndRefresh();
  return {.resident_bytes = ResidentBytes(),
          .allocated_bytes = AllocatorFigure("stats.allocated"),
          .allocator_resident_bytes = AllocatorFigure("stats.resident")};
}

}  // namespace rcukv::bench
