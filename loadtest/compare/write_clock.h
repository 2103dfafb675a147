// Numbers the writes to one server, so that readers know which values there may be.
#ifndef RCUKV_LOADTEST_COMPARE_WRITE_CLOCK_H_
#define RCUKV_LOADTEST_COMPARE_WRITE_CLOCK_H_

#include <atomic>
#include <cstdint>

namespace rcukv::loadtest {

// Thread safety: any thread at any time.
class WriteClock {
 public:
  // The generation of the next write. Taken before the write is sent.
  uint64_t Next() {
    // relaxed: whoever reads a value learns of its write through the server, that is
    // through system calls of both processes, which order this before newest().
    return newest_.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  // No value that was read before this call is of a later generation.
  uint64_t newest() const {
    // relaxed: as above.
    return newest_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<uint64_t> newest_{0};
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_WRITE_CLOCK_H_
