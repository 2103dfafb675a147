// Zeroed memory on huge pages, where the system gives them.
#ifndef RCUKV_BENCH_MAP_HUGE_PAGES_H_
#define RCUKV_BENCH_MAP_HUGE_PAGES_H_

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace rcukv::bench {

class HugePages {
 public:
  // Throws std::bad_alloc.
  explicit HugePages(size_t bytes) : mapped_bytes_(bytes + kPageBytes) {
    mapped_ = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, /*fd=*/-1, /*offset=*/0);
    if (mapped_ == MAP_FAILED) throw std::bad_alloc();
    // Where it is refused, the pages are small.
    (void)madvise(begin(), bytes, MADV_HUGEPAGE);
  }
  HugePages(const HugePages&) = delete;
  HugePages& operator=(const HugePages&) = delete;
  ~HugePages() { munmap(mapped_, mapped_bytes_); }

  // On the boundary of a huge page.
  void* begin() const {
    return static_cast<char*>(mapped_) +
           -reinterpret_cast<uintptr_t>(mapped_) % kPageBytes;
  }

 private:
  static constexpr size_t kPageBytes = size_t{2} << 20;

  const size_t mapped_bytes_;
  void* mapped_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_MAP_HUGE_PAGES_H_
