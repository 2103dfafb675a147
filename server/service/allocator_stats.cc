#include "server/service/allocator_stats.h"

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>

// Weak: a build with a sanitizer, and a test, has no jemalloc.
extern "C" int mallctl(const char* name, void* old_value, size_t* old_size,
                       void* new_value, size_t new_size) __attribute__((weak));

namespace rcukv {
namespace {

// Answers 0 where there is no such figure.
template <typename Figure>
Figure ReadFigure(const char* name) {
  Figure figure = 0;
  size_t size = sizeof(figure);
  if (mallctl == nullptr || mallctl(name, &figure, &size, nullptr, 0) != 0) return 0;
  return figure;
}

// The figures are those of the newest epoch.
void AdvanceEpoch() {
  uint64_t epoch = 1;
  size_t size = sizeof(epoch);
  if (mallctl != nullptr) mallctl("epoch", &epoch, &size, &epoch, sizeof(epoch));
}

}  // namespace

// That jemalloc is linked does not mean that malloc is its own: see whether it counts.
bool IsJemalloc() {
  const auto before = ReadFigure<uint64_t>("thread.allocated");
  // The compiler may leave an allocation out that nothing looks at.
  void* volatile block = std::malloc(1);
  const auto after = ReadFigure<uint64_t>("thread.allocated");
  std::free(block);
  return after > before;
}

AllocatorStats ReadAllocatorStats() {
  if (!IsJemalloc()) return {};
  AdvanceEpoch();
  return {.allocated_bytes = ReadFigure<size_t>("stats.allocated"),
          .resident_bytes = ReadFigure<size_t>("stats.resident")};
}

uint64_t ProcessResidentBytes() {
  // In pages: all, and those that are resident. See proc(5).
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  uint64_t resident_pages = 0;
  if (!(statm >> pages >> resident_pages)) return 0;
  return resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace rcukv
